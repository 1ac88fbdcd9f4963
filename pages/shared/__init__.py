"""What pages share, one concept a file. The only Streamlit code besides the pages themselves and app.py."""
