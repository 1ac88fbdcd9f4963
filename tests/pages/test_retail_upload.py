"""The retail page with products and orders of one's own, good and bad."""

from __future__ import annotations

import csv
import io
import time
import zipfile

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mmcore.commands import row_file
from pages.shared.jobs import Job
from pages.shared.real_cases import VARIABLE
from pages.shared.retail import catalogues, tables
from tests.pages.conftest import ROOT, settled, words
from tests.pages.test_retail import shelf, uploader, view

SAMPLE = ROOT / "sample_data" / "retail"


def products_csv(count: int = 30) -> bytes:
    """The first products of the sample in columns of another shop, some rows broken."""
    items = pd.read_parquet(SAMPLE / "items.parquet").head(count)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["SKU", "Title", "Type", "Colour", "Price", "Image"])
    for number, row in enumerate(items.itertuples()):
        writer.writerow([row.item_id, row.prod_name, row.product_type_name, row.colour_group_name, f"£{10 + number}.50", row.image])
    writer.writerow(["", "no id", "Shirt", "Red", "1", ""])
    writer.writerow([items["item_id"][0], "again", "Shirt", "Red", "1", ""])
    writer.writerow(["N1", "Priced in words", "Shirt", "Red", "on request", "https://shop.example/a.jpg"])
    return out.getvalue().encode()


def pictures_zip(count: int = 30) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        first, *rest = pd.read_parquet(SAMPLE / "items.parquet")["image"].head(count)
        archive.writestr(first, large_and_cut())
        for name in rest:
            archive.write(SAMPLE / name, name)
    return buffer.getvalue()


def large_and_cut() -> bytes:
    """A photo too large to be decoded while a table is read, and half of it gone."""
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (400, 600, 3), dtype=np.uint8)).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()[:150_000]


def test_an_upload_is_used_and_every_bad_row_is_listed(open_retail):
    app = open_retail(catalogue="own")
    uploader(app, "Products").upload("products.csv", products_csv())
    uploader(app, "Pictures").upload("pictures.zip", pictures_zip())
    uploader(app, "Orders").upload(
        "orders.csv", b"customer,product,order_date\nu1,G10101,2024-05-01\nu1,nothing,2024-05-01\nu2,G10103,2024-05-02\n"
    )
    app.run()
    assert "6 of 10 recognised" in " ".join(e.label for e in app.expander)
    next(button for button in app.button if button.key == "retail.upload.open").click().run()
    app = settled(app)
    listed = next(frame.value for frame in app.dataframe if "what is wrong" in frame.value)
    said = " ".join(listed["what is wrong"])
    assert all(part in said for part in ("Has no id", "there already", "not understood", "left unread", "not in the catalogue"))
    assert listed["table"].tolist() == ["products"] * 4 + ["orders"] and listed["row"].tolist() == [2, 32, 33, 34, 3]
    assert listed["what is wrong"][0] == "The picture is damaged: it is known by its words alone" and listed["used"][0]
    assert "the header is row 1" in words(app)
    assert "31 of 33 products are used" in words(app) and "Orders: 2 of 3 rows are used" in words(app)
    assert len(shelf(app)) >= 10 and "Shopper u1" in words(app)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        ("a.parquet", b"PAR1broken", "no Parquet"),
        ("a.csv", b"who,what\n1,2\n", "No column is the id"),
        ("a.csv", b"id,name\n1,Shirt\n", "1 of 1 rows"),
    ],
)
def test_a_bad_upload_is_refused_in_words_and_the_page_stays(open_retail, name, data, said):
    app = open_retail(catalogue="own")
    uploader(app, "Products").upload(name, data)
    app.run()
    opener = [button for button in app.button if button.key == "retail.upload.open"]
    if opener:
        opener[0].click().run()
    assert not app.exception and said in words(app)


def test_a_name_of_any_length_leaves_a_card_a_card(open_retail):
    app = open_retail(catalogue="own")
    uploader(app, "Products").upload("a.csv", f"id,name\n1,{'A' * 1900}\n2,Red dress\n".encode())
    app.run()
    next(button for button in app.button if button.key == "retail.upload.open").click().run()
    assert max(len(name) for name in shelf(settled(app))) == 80


def opened(app, products: bytes, orders: bytes | None = None):
    """The page after a catalogue of one's own was opened."""
    uploader(app, "Products").upload("products.csv", products)
    if orders is not None:
        uploader(app, "Orders").upload("orders.csv", orders)
    app.run()
    next(button for button in app.button if button.key == "retail.upload.open").click().run()
    return settled(app)


FORMULA = "=cmd|' /C calc'!A0"
PRODUCTS = f"id,name\n{FORMULA},=1+1\nA,Shirt\nB,Coat\nC,+Dress\n".encode()
ORDERS = b"user,item,date\n@u1,A,2024-05-01\nu2,B,2024-05-02\nu2,C,2024-05-02\n"


def test_no_table_that_a_button_or_its_toolbar_saves_holds_a_formula(open_retail):
    app = open_retail(catalogue="own")
    uploader(app, "Products").upload("products.csv", b"=name,id\n=1+1,+5\n=1+1,+5\n")
    app.run()
    assert [*app.dataframe[0].value.columns] == ["'=name", "id"] and app.dataframe[0].value["id"][0] == "'+5"
    app = view(opened(open_retail(catalogue="own"), PRODUCTS, ORDERS + b"-u3,=nothing,2024-05-02\n"), "Merchandiser")
    next(button for button in app.button if button.label.startswith("Rank for all")).click().run()
    frames = [frame.value for frame in settled(app).dataframe]
    cells = [text for frame in frames for text in frame.to_numpy().ravel() if isinstance(text, str)]
    assert f"'{FORMULA}" in cells and "'@u1" in cells and "'-u3" in cells and not any(text.startswith(row_file.FORMULA) for text in cells)
    assert len(frames) == 6


def test_every_table_of_the_merchandiser_can_be_saved_whole(open_retail):
    app = view(opened(open_retail(catalogue="own"), PRODUCTS, ORDERS), "Merchandiser")
    next(button for button in app.button if button.label.startswith("Rank for all")).click().run()
    keys = {button.key for button in settled(app).get("download_button")}
    parts = ("shelves", "never_shown", "reach", "launch_list")
    never = "Every product is on somebody's shelf" in words(app)
    assert keys == {f"retail.save.{part}.{kind}" for part in parts if not (never and part == "never_shown") for kind in ("csv", "parquet")}


def test_a_table_is_cut_on_the_page_and_whole_and_safe_in_the_file():
    found = pd.DataFrame({"item": [FORMULA] + ["A"] * 999, "shoppers": range(1000)})
    saved = pd.read_csv(io.BytesIO(tables.csv(found)))
    assert len(saved) == 1000 and saved["item"][0] == f"'{FORMULA}" and saved["shoppers"].tolist() == list(range(1000))
    assert tables.csv(pd.DataFrame({"name": ["Mütze"]})).startswith(b"\xef\xbb\xbf")
    assert pd.read_parquet(io.BytesIO(tables.parquet(found)))["item"][0] == FORMULA


def test_a_cancelled_ranking_is_no_error(open_retail):
    app = view(open_retail(), "Merchandiser")
    key = next(button.key for button in app.button if button.label.startswith("Rank for all")).removesuffix(".start")
    job = Job(lambda report: [report("", 0.0) or time.sleep(0.01) for _ in range(1000)])
    job.cancel()
    assert job.wait(5) and job.cancelled
    app.session_state["retail.batches"] = {key: job}
    app.run()
    assert not app.error and "Cancelled" in " ".join(info.value for info in app.info)


def test_the_real_week_says_how_many_shoppers_are_counted(open_retail, tmp_path, monkeypatch):
    pd.DataFrame({"item_id": ["1", "2", "3"], "prod_name": ["Shirt", "Coat", "Hat"]}).to_parquet(tmp_path / "items.parquet")
    days = ["2020-09-16", "2020-09-17", "2020-09-17", "2020-09-18"]
    bought = pd.DataFrame({"user_id": ["a", "b", "b", "c"], "item_id": ["1", "2", "3", "gone"], "date": pd.to_datetime(days)})
    bought.to_parquet(tmp_path / "interactions.parquet")
    pd.DataFrame({"user_id": list("abcdefg")}).to_parquet(tmp_path / "users.parquet")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_retail(catalogue="hm_week")
    assert "3 real products and what 2 shoppers bought on 2 days" in words(app)
    assert "Rank for all 2 shoppers" in [button.label for button in view(app, "Merchandiser").button]


def test_a_real_week_that_cannot_be_read_leaves_the_other_catalogues(open_retail, tmp_path, monkeypatch):
    (tmp_path / "items.parquet").write_bytes(b"broken")
    (tmp_path / "interactions.parquet").write_bytes(b"broken")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert len(shelf(open_retail())) == 20


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        ("Artikelnummer;Bezeichnung;Warengruppe;Farbe;Preis", ""),
        ("Artikelnummer;Benennung;Warengruppe;Farbe;Preis", "Name"),
        ("Nr;Bezeichnung;Warengruppe;Farbe;Preis", "Id"),
    ],
)
def test_the_columns_are_unfolded_where_one_that_matters_is_not_found(open_retail, header, missing):
    app = open_retail(catalogue="own")
    uploader(app, "Products").upload("artikel.csv", f"{header}\n1;Hemd;Hemden;Blau;5,00\n2;Mantel;Mäntel;Grau;9,00\n".encode())
    app.run()
    found = next(expander for expander in app.expander if expander.label.startswith("Columns of the products"))
    assert found.proto.expanded == bool(missing)
    assert found.label.endswith(f"; not found: {missing}" if missing else "5 of 10 recognised")
    next(button for button in app.button if button.key == "retail.upload.open").click().run()
    if missing == "Id":
        assert "No column is the id" in words(app) and "Choose it under “Id (needed)”, or call one item_id" in words(app)
        assert any(box.label == "Id (needed)" for box in app.selectbox)
    elif not missing:
        assert "Hemd, Blau" in shelf(settled(app))


def test_dates_in_doubt_are_listed_and_the_page_says_how_they_are_read(open_retail):
    orders = b"Kunde;Artikel;Bestelldatum\nu1;A;03.07.2024\nu1;B;25/04/2024\nu2;B;2024-05-01\nu2;A;04/25/2024\n"
    app = opened(open_retail(catalogue="own"), PRODUCTS, orders)
    listed = next(frame.value for frame in app.dataframe if "what is wrong" in frame.value)
    assert listed["what is wrong"].tolist() == ["The date 04/25/2024 has the month first, the others are read day first"]
    assert "Orders: dates are read day first, as in 25/04/2024; 1 row has the month first" in words(app)


def test_what_is_wrong_is_listed_once_also_when_one_comes_back(open_retail):
    app = opened(open_retail(catalogue="own"), products_csv())
    for key in ("sample", "own"):
        app.get_by_key("retail.catalogue").set_value(key).run()
        app = settled(app)
    assert len([frame for frame in app.dataframe if "what is wrong" in frame.value]) == 1
    assert words(app).count("31 of 33 products are used") == 1


def test_agreeing_to_keep_what_was_computed_before_says_that_it_is_not_kept(open_retail):
    app = opened(open_retail(catalogue="own"), PRODUCTS, ORDERS)
    said = "What was computed in this run is not kept"
    assert said not in words(app)
    app.get_by_key("retail.keep").set_value(True).run()
    assert said in words(settled(app))
    assert len(app.get_by_key("retail.keep").label) <= 30


def test_agreeing_before_keeps_it_and_says_nothing(open_retail, tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "CACHE", tmp_path)
    app = open_retail(catalogue="own")
    app.get_by_key("retail.keep").set_value(True).run()
    app = opened(app, PRODUCTS, ORDERS)
    assert "in this run is not kept" not in words(app) and list(tmp_path.glob("words-*.npz"))
    app.run().get_by_key("retail.delete").click().run()
    assert "What was computed in this run is not kept" in words(settled(app))


def test_progress_is_told_as_a_count():
    assert catalogues.told("pictures", 1200, 6888) == "Looking at the pictures: 1,200 of 6,888"
