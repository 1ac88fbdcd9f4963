"""What says whose data it is, taken out: of DICOM objects (PS3.15, Basic Application Level Confidentiality Profile), pictures and notes."""
