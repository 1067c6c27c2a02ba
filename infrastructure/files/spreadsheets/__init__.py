"""Spreadsheets that people bring: brokers' files of trades and trackers of movements, as CSV and workbooks."""
