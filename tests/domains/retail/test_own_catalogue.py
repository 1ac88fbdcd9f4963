from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mmcore.domains.retail.own_catalogue import OwnCatalogue, PictureFiles, read_own_catalogue
from mmcore.domains.retail.own_columns import ORDERS, PRODUCTS, guess_roles
from mmcore.domains.retail.own_history import OwnHistory, read_own_history
from mmcore.domains.retail.own_table import number_in, read_own_table
from mmcore.errors import InputError


def jpeg(colour: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (80, 96), colour).save(stream, "JPEG")
    return stream.getvalue()


def files(**contents: bytes) -> PictureFiles:
    return PictureFiles({name.replace("__", "/") + ".jpg": lambda data=data: data for name, data in contents.items()})


def read(text: str | bytes, pictures: PictureFiles | None = None, roles: Mapping[str, str] | None = None) -> OwnCatalogue:
    table = read_own_table(text.encode() if isinstance(text, str) else text)
    return read_own_catalogue(table, roles or guess_roles(table.columns, PRODUCTS), pictures or files())


BROKEN = """SKU;Title;Type;Color;Price;Image
A1;Oxford shirt;Shirt;Blue;£29.90;photos/a1.jpg
A2;Linen dress;Dress;White;twelve;photos/a2.jpg
A1;Again;Shirt;Red;10;
;No id;Shirt;Red;10;
A3;Wool coat;Coat;Grey;129,00 €;https://shop.example/a3.jpg
A4;Cut off;Shirt;Red;10;photos/a4.jpg
A5;;;;;photos/missing.jpg
A6;Skirt;Skirt;Red;10;../../etc/passwd
A7;Too;many;cells;here;x;y;z
A8;Belt;Belt;Brown;9;
"""


def test_broken_rows_are_listed_with_what_is_wrong_and_the_rest_is_used() -> None:
    found = read(BROKEN, files(photos__a1=jpeg(), photos__a2=b"no picture", photos__a4=jpeg()[:60]))
    assert [product.id for product in found.catalogue.products] == ["A1", "A2", "A3", "A4", "A6", "A8"]
    said = {remark.number: (remark.used, remark.what) for remark in found.remarks}
    assert said[3][0] and "price twelve is not understood" in said[3][1] and "no picture that is read" in said[3][1]
    assert said[4] == (False, "the id is there already, in row 2")
    assert said[5] == (False, "has no id")
    assert said[6][0] and "left unread" in said[6][1]
    assert said[7][0] and "a4.jpg" in said[7][1]
    assert not said[8][0] and "missing.jpg is not there" in said[8][1] and "nothing else" in said[8][1]
    assert said[9][0] and "leads out of its folder" in said[9][1]
    assert not said[10][0] and "cells" in said[10][1]
    assert set(said) == {3, 4, 5, 6, 7, 8, 9, 10}
    assert any("web addresses: 1" in note for note in found.notes)


def test_a_product_has_its_words_its_tier_and_its_picture() -> None:
    found = read(
        "id,name,color,pattern,price,image,note\n1,Shirt,Blue,Striped,5,a.jpg,x\n2,Coat,Grey,,50,b.jpg,x\n", files(x__a=jpeg((0, 0, 255)))
    )
    shirt, coat = found.catalogue.products
    assert (shirt.words["colour"] == "Blue, Striped" and (shirt.tier, coat.tier) == (1, 4)) or shirt.tier < coat.tier
    assert shirt.picture is not None and shirt.picture().shape == (96, 80, 3) and len(shirt.picture_key) == 64 and coat.picture is None
    assert any("columns not used: note" in note for note in found.notes)


def test_a_remark_never_says_used_of_a_row_that_is_left_out() -> None:
    found = read(BROKEN, files(photos__a1=jpeg(), photos__a2=b"no picture", photos__a4=jpeg()[:60]))
    assert not any("used" in remark.what for remark in found.remarks)
    assert found.notes[0] == "6 of 10 products are used"


@pytest.mark.parametrize(("prices", "tiers"), [(("10", "10", "10"), {0}), (("10", "", ""), {0}), (("10", "20", "30"), {1, 2, 3, 4})])
def test_prices_that_do_not_tell_products_apart_make_no_tier(prices: tuple[str, ...], tiers: set[int]) -> None:
    found = read("id,name,price\n" + "".join(f"{at},Shirt,{price}\n" for at, price in enumerate(prices)))
    assert {product.tier for product in found.catalogue.products} <= tiers
    assert any("do not tell the products apart" in note for note in found.notes) == (tiers == {0})


def test_columns_are_recognised_by_the_names_that_shops_use() -> None:
    assert guess_roles(["Article ID", "productDisplayName", "baseColour", "Image URL"], PRODUCTS) == {
        "id": "Article ID",
        "name": "productDisplayName",
        "colour": "baseColour",
        "image": "Image URL",
    }
    assert guess_roles(["customer_id", "article_id", "t_dat"], ORDERS) == {
        "user": "customer_id",
        "item": "article_id",
        "date": "t_dat",
    }


@pytest.mark.parametrize(
    "columns",
    [
        ("Artikelnummer", "Bezeichnung", "Warengruppe", "Farbe", "Muster", "Abteilung", "Beschreibung", "Preis", "Bild", "Modell"),
        ("Art.-Nr.", "Artikel", "Kategorie", "Farbton", "Druck", "Marke", "Produktbeschreibung", "VK-Preis", "Bilddatei", "Modellnummer"),
        ("Référence", "Désignation", "Catégorie", "Couleur", "Motif", "Rayon", "Descriptif", "Prix TTC", "Photo", "Modèle"),
        ("Código", "Nombre", "Categoría", "Color", "Estampado", "Sección", "Descripción", "Precio", "Imagen", "Modelo"),
        ("Código do produto", "Nome", "Tipo", "Cor", "Estampa", "Departamento", "Descrição", "Preço", "Foto", "Modelo"),
        ("Codice articolo", "Denominazione", "Categoria", "Colore", "Fantasia", "Reparto", "Descrizione", "Prezzo", "Immagine", "Modello"),
    ],
)
def test_columns_of_products_are_recognised_in_six_languages(columns: tuple[str, ...]) -> None:
    assert guess_roles(columns, PRODUCTS) == dict(zip(PRODUCTS, columns, strict=True))


@pytest.mark.parametrize(
    "columns",
    [
        ("Kundennummer", "Artikelnummer", "Bestelldatum"),
        ("Kunde", "Artikel", "Kaufdatum"),
        ("Kunden-Nr.", "Artikel-Nr.", "Datum"),
        ("N° client", "Référence", "Date de commande"),
        ("ID cliente", "Artículo", "Fecha de pedido"),
        ("Cliente", "Produto", "Data do pedido"),
        ("Codice cliente", "Codice prodotto", "Data ordine"),
    ],
)
def test_columns_of_orders_are_recognised_in_six_languages(columns: tuple[str, ...]) -> None:
    assert guess_roles(("ID", *columns), ORDERS) == dict(zip(ORDERS, columns, strict=True))


def test_a_mapping_can_be_corrected_and_a_wrong_one_is_refused() -> None:
    text = "a,b\n1,Shirt\n2,Coat\n"
    assert read(text, roles={"id": "a", "name": "b"}).catalogue.products[1].texts["name"] == "Coat"
    with pytest.raises(InputError, match=r"no column is the id\. Choose it under “Id \(needed\)”, or call one item_id"):
        read(text)
    with pytest.raises(InputError, match="the column c for the name is not there"):
        read(text, roles={"id": "a", "name": "c"})


def test_parquet_gives_the_same_as_csv() -> None:
    table = pd.DataFrame(
        {"item_id": [1, 2, 3], "name": ["Shirt", None, "Coat"], "price": [1.5, 2.0, np.nan], "color": ["Red", "Blue", None]}
    )
    stream = io.BytesIO()
    table.to_parquet(stream)
    parquet, csv = read(stream.getvalue()), read(table.to_csv(index=False))
    assert parquet.catalogue.digest == csv.catalogue.digest and [p.id for p in parquet.catalogue.products] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"PAR1 but no parquet", "no Parquet"),
        (b"\x89PNG\r\n\x1a\n\0", "PNG"),
        (b"id,name\n1,Shirt\n", "1 of 1 rows can be used"),
    ],
)
def test_a_table_that_cannot_be_used_at_all_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("12", 12),
        ("£12.99", 12.99),
        ("12,5 €", 12.5),
        ("1.299,00", 1299),
        ("1,299.50", 1299.5),
        ("1,299", 1299),
        ("EUR 1'200", 1200),
        ("1.299", 1.299),
    ],
)
def test_prices_are_understood_as_people_write_them(text: str, price: float) -> None:
    assert number_in(text) == pytest.approx(price)


@pytest.mark.parametrize("text", ["", "twelve", "-5", "10 - 20", "nan", "3 for 2"])
def test_what_is_no_one_price_is_none(text: str) -> None:
    assert number_in(text) is None


def test_pictures_are_found_by_path_or_by_a_unique_name() -> None:
    pictures = files(x__a=b"1", y__a=b"2", y__b=b"3")
    assert (
        pictures.find("x/a.jpg") == "x/a.jpg" and pictures.find("B.JPG") == "y/b.jpg" and pictures.find("/b.jpg".lstrip("/")) == "y/b.jpg"
    )
    with pytest.raises(InputError, match="could be 2 files"):
        pictures.find("a.jpg")


def history(text: str) -> OwnHistory:
    catalogue = read("id,name\nA,Shirt\nB,Coat\n").catalogue
    table = read_own_table(text.encode())
    return read_own_history(table, guess_roles(table.columns, ORDERS), catalogue)


def test_a_history_lists_what_it_cannot_use() -> None:
    found = history("user,item,date\nu1,A,2024-03-01\nu1,B,2024-03-04\nu2,C,2024-03-04\n,A,2024-03-04\nu3,A,yesterday\nu3,,2024-03-01\n")
    assert found.purchases.days.tolist() == [0, 3] and found.purchases.shoppers.tolist() == ["u1", "u1"]
    assert [remark.number for remark in found.remarks] == [4, 5, 6, 7]
    assert "not in the catalogue" in found.remarks[0].what and "yesterday is not understood" in found.remarks[2].what


@pytest.mark.parametrize("dates", [("13/03/2024", "01/04/2024"), ("03/13/2024", "04/01/2024"), ("2024-03-13T10:00:00Z", "2024-04-01")])
def test_dates_in_several_ways_of_writing(dates: tuple[str, str]) -> None:
    assert history(f"customer_id,product_id,order_date\nu,A,{dates[0]}\nu,B,{dates[1]}\n").purchases.days.tolist() == [0, 19]


GERMAN = ["03.07.2024", "2024-05-01", "25/04/2024", "13.05.2024", "04.07.2024 18:30", "Mi, 10.07.2024", "5.6.24", "06/07/2024"]
GERMAN_READ = ["2024-07-03", "2024-05-01", "2024-04-25", "2024-05-13", "2024-07-04", "2024-07-10", "2024-06-05", "2024-07-06"]


def dated(*texts: str) -> OwnHistory:
    return history("user,item,date\n" + "".join(f'u,A,"{text}"\n' for text in texts))


def days(*texts: str) -> list[int]:
    """Days after the first of ISO dates."""
    found = pd.to_datetime(list(texts))
    return [int(day) for day in (found - found.min()).days]


def test_a_column_of_dates_has_one_order_of_day_and_month() -> None:
    found = dated(*GERMAN)
    assert found.purchases.days.tolist() == days(*GERMAN_READ)
    assert found.remarks == () and "dates are read day first, as in 25/04/2024" in found.notes


@pytest.mark.parametrize(
    ("texts", "read", "note"),
    [
        (("03/07/2024", "04/25/2024"), ("2024-03-07", "2024-04-25"), "month first, as in 04/25/2024"),
        (("03.07.2024", "04.25.2024"), ("2024-03-07", "2024-04-25"), "month first, as in 04.25.2024"),
        (("03.07.2024", "04.08.2024"), ("2024-07-03", "2024-08-04"), "day first, as in 03.07.2024"),
        (("05/05/2024", "06/06/2024"), ("2024-05-05", "2024-06-06"), "day first"),
    ],
)
def test_the_cells_that_prove_it_decide_the_order(texts: tuple[str, ...], read: tuple[str, ...], note: str) -> None:
    found = dated(*texts)
    assert found.purchases.days.tolist() == days(*read) and found.remarks == () and any(note in said for said in found.notes)


def test_where_nothing_proves_the_order_every_row_in_doubt_is_listed() -> None:
    found = dated("03/07/2024", "2024-05-01", "05/05/2024", "04/08/2024")
    assert found.purchases.days.tolist() == days("2024-07-03", "2024-05-01", "2024-05-05", "2024-08-04")
    assert [(remark.number, remark.used) for remark in found.remarks] == [(2, True), (5, True)]
    assert "read as 3 July 2024" in found.remarks[0].what and "7 March 2024" in found.remarks[0].what
    assert any("no date proves" in note for note in found.notes)


def test_dates_that_contradict_each_other_are_listed_and_the_most_decide() -> None:
    found = dated("25/04/2024", "26/04/2024", "04/27/2024", "03/07/2024", "05.06.2024")
    assert found.purchases.days.tolist() == days("2024-04-25", "2024-04-26", "2024-07-03", "2024-06-05")
    assert [(remark.number, remark.used) for remark in found.remarks] == [(4, False), (5, True)]
    assert any("1 row has the month first, as 04/27/2024" in note for note in found.notes)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2024-05-01T23:30:00-05:00", "2024-05-02"),
        ("2024/05/01 10:00", "2024-05-01"),
        ("2024-05-01 10:00 PM", "2024-05-01"),
        ("20240501", "2024-05-01"),
        ("May 3, 2024", "2024-05-03"),
        ("3-May-24", "2024-05-03"),
        ("Mon, 13 May 2024 10:00:00 GMT", "2024-05-13"),
    ],
)
def test_timestamps_and_months_in_words_are_read_in_any_column(text: str, read: str) -> None:
    for others in (("2024-01-01", "2024-01-02"), ("01/01/2024", "25/04/2024")):
        assert dated(*others, text).purchases.days[2] == (pd.Timestamp(read) - pd.Timestamp("2024-01-01")).days


@pytest.mark.parametrize("text", ["12:30", "03/07", "31/31/2024", "31/02/2024", "45413", "Friday", "1/2/2024 or 3/4/2024"])
def test_what_is_no_date_is_not_made_one(text: str) -> None:
    found = dated("2024-01-01", "25/04/2024", text)
    assert len(found.purchases) == 2 and "not understood" in found.remarks[0].what


def test_rows_are_numbered_as_a_spreadsheet_does_blank_lines_counted() -> None:
    table = read_own_table(b'\nid,name\nA,"two\nlines"\n\n,\nB,x\n')
    assert table.numbers == (3, 6)
    assert read_own_table(b'[{"id": "A"}, {"id": "B"}]').numbers == (1, 2)


def test_a_product_without_words_is_listed_and_used() -> None:
    found = read("id;name;image\nA1;;a1.jpg\nA2;Shirt;\n", files(a1=jpeg()))
    assert [(remark.number, remark.used) for remark in found.remarks] == [(2, True)] and "no words" in found.remarks[0].what


def test_an_order_of_a_day_to_come_is_listed_and_not_used() -> None:
    found = dated("05/09/2020", "05/09/2099", "25/09/2020")
    assert found.purchases.days.tolist() == [0, 20]
    assert [(remark.number, remark.used) for remark in found.remarks] == [(3, False)] and "still to come" in found.remarks[0].what


def test_few_orders_long_after_all_others_are_listed_and_a_shop_that_starts_again_is_believed() -> None:
    often = ["2018-09-05"] * 60
    found = dated(*often, "2021-09-05")
    assert set(found.purchases.days.tolist()) == {0} and [remark.number for remark in found.remarks] == [62]
    assert "more than a year after nearly all others, of which the last is 2018-09-05" in found.remarks[0].what
    assert not dated(*often, *["2021-09-05"] * 3).remarks and not dated(*often, "2019-08-05").remarks


def test_a_history_without_dates_or_without_a_usable_row() -> None:
    assert history("user,item\nu,A\nu,B\n").purchases.days.tolist() == [0, 0]
    with pytest.raises(InputError, match="none of 1 rows can be used"):
        history("user,item\nu,Z\n")
    with pytest.raises(InputError, match="no column is the shopper"):
        history("who,what\nu,A\n")
