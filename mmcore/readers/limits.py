"""What is accepted, in bytes, pixels, rows and members. Checked before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass

MEGA = 1_000_000


@dataclass(frozen=True)
class Limits:
    """The stated limits of every reader.

    Attributes:
        picture_bytes: size of a picture file.
        picture_pixels: width times height, as the file's header says.
        picture_side: longest side in pixels.
        picture_side_refused: a picture with a side shorter than this is refused.
        picture_side_small: a picture with a side shorter than this gets a warning.
        table_bytes: size of a CSV or JSON Lines file.
        table_rows: rows of any table, JSON lists included.
        table_columns: columns of any table.
        json_bytes: size of a JSON document, or of one line of JSON Lines.
        text_bytes: size of a plain text file.
        text_characters: characters of a text that are kept.
        pdf_bytes, pdf_pages: size and pages of a PDF with a text.
        pdf_seconds: how long reading one may take.
        toml_bytes: size of a case.toml.
        zip_bytes: size of a zip file as it is.
        zip_total_bytes: size of all its members together, uncompressed.
        zip_members: number of members.
        zip_ratio: highest ratio of uncompressed to compressed size of one member.
        zip_ratio_from: members up to this uncompressed size may have any ratio (a blank bitmap packs well and does no harm).
        case_files: files in one case folder or one upload of a case.
        study_bytes: size of a DICOM study's files together that are kept in memory to step through; of a larger one only the
            picture analysed is kept.
        media_bytes: size of a film or a sound file.
        media_seconds: length of a film or a sound; a longer one is refused.
        media_pixels: width times height of a film's pictures.
    """

    picture_bytes: int = 30 * MEGA
    picture_pixels: int = 40 * MEGA
    picture_side: int = 30_000
    picture_side_refused: int = 16
    picture_side_small: int = 64
    table_bytes: int = 20 * MEGA
    table_rows: int = 100_000
    table_columns: int = 1_000
    json_bytes: int = 2 * MEGA
    text_bytes: int = MEGA
    text_characters: int = 20_000
    pdf_bytes: int = 10 * MEGA
    pdf_pages: int = 50
    pdf_seconds: float = 10.0
    toml_bytes: int = 64_000
    zip_bytes: int = 200 * MEGA
    zip_total_bytes: int = 500 * MEGA
    zip_members: int = 5_000
    zip_ratio: int = 100
    zip_ratio_from: int = MEGA
    case_files: int = 500
    study_bytes: int = 200 * MEGA
    media_bytes: int = 1_000 * MEGA
    media_seconds: float = 3_600.0
    media_pixels: int = 10 * MEGA


LIMITS = Limits()


def megabytes(count: int) -> str:
    """A number of bytes for people, such as "30 MB" or "0.5 MB"."""
    return f"{count / MEGA:.3g} MB"
