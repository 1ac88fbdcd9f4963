"""Every file that the page hands out of the case with names everywhere, as the browser saves it."""

from playwright.sync_api import expect

from tests.browser.conftest import settle
from tests.domains.medical.deidentify.test_planted import found_in

BUTTONS = ("Report (HTML)", "Report (PDF)", "Data (JSON)", "FHIR report", "DICOM report", "DICOM capture", "Clean copy (ZIP)")
STARTS = (b"<!doctype html>", b"%PDF-", b"{", b"{", b"\0" * 128 + b"DICM", b"\0" * 128 + b"DICM", b"PK")


def test_no_download_holds_a_planted_name_and_typed_names_go_too(visit):
    page = visit("medical?model=chest_xray&case=names_everywhere")
    findings = page.get_by_role("textbox", name="Findings (draft)")
    findings.fill("Mrs Featherstonehaugh: 2 opacities in the lower zones.")
    findings.blur()
    settle(page)
    for name, start in zip(BUTTONS, STARTS, strict=True):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        data = download.value.path().read_bytes()
        assert data.startswith(start) and found_in(data) == [], name
        if name == "Report (HTML)":
            assert b"2 opacities in the lower zones" in data
    page.get_by_text("Show what is taken out").click()
    expect(page.get_by_text("nothing found left").first).to_be_visible()
