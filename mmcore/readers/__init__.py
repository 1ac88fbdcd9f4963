"""Everything that reads what a user gives: pictures, records, tables, zip files, case folders and batches."""
