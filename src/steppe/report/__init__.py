"""The report: one HTML file that shows what the runs of a scenario say, and how surely.

``build.build_payload`` makes the numbers, ``page.write_report`` the file.
"""
