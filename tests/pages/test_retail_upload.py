"""The retail page with products and orders of one's own, good and bad."""

from __future__ import annotations

import csv
import io
import zipfile

import pandas as pd
import pytest

from tests.pages.conftest import ROOT, settled, words
from tests.pages.test_retail import shelf, uploader

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
        for name in pd.read_parquet(SAMPLE / "items.parquet")["image"].head(count):
            archive.write(SAMPLE / name, name)
    return buffer.getvalue()


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
    assert listed["table"].tolist() == ["products"] * 3 + ["orders"] and listed["row"].tolist() == [31, 32, 33, 2]
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
