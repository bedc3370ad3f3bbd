"""The layout of GB/T 9704: wording, page elements, tables, and the room each takes on a page."""
