from mmcore.model_spec import read_spec
from pages.shared import samples
from tests.pages.conftest import ROOT

SPEC = read_spec(ROOT / "mmcore" / "models" / "skin_lesion")


def test_every_sample_folder_is_read_and_labelled_generated():
    found = samples.of("medical", SPEC)
    assert set(found) == {path.parent.name for path in (ROOT / "sample_data" / "medical").glob("*/case.toml")} and len(found) >= 6
    assert all(sample.case.generated for sample in found.values()) and all(sample.title and sample.story for sample in found.values())


def test_a_chest_sample_says_how_it_came_to_be():
    found = samples.of("chest_xray", read_spec(ROOT / "mmcore" / "models" / "chest_xray"))
    said = {name: samples.origin(sample) for name, sample in found.items()}
    assert said["picture_alone"] == "This is a real case." and said["note_alone"] == "This case is generated."
    assert said["dicom_record_note"] == "This case is partly generated."


def test_a_sample_with_a_photo_has_a_small_picture_of_it():
    found = samples.of("medical", SPEC)
    assert found["clear_nevus"].thumbnail.startswith("data:image/jpeg;base64,") and len(found["clear_nevus"].thumbnail) < 20_000
    assert found["no_photo"].thumbnail == ""


def test_a_domain_without_samples_has_none():
    assert samples.of("nowhere", SPEC) == {}
