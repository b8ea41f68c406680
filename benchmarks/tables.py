"""Tables and plots of reports: ``python -m benchmarks.tables FILE [FILE ...] [--plot SVG]``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def spread(values: dict[str, float]) -> str:
    """Return a median with the least and the most."""
    return f"{values['median']:.3g} ({values['least']:.3g} to {values['most']:.3g})"


def comparisons(report: dict[str, Any]) -> list[str]:
    """Return the rows of a table of all ratios in a report."""
    rows = []
    for section in report["sections"].values():
        for one in section.get("comparisons", []):
            quiet = f"{one['quiet']} of {one['pairs']}"
            clock = {"wall": "wall", "cpu": "CPU"}[one["clock"]]
            rows.append(
                f"| `{one['name']}` | {one['theirs']} ({one['versions'][1]}) | "
                f"{1e9 / one['ours_per_s']['median']:,.3g} | "
                f"{1e9 / one['theirs_per_s']['median']:,.4g} | "
                f"**{one['ratio']['median']:.3g}** ({one['ratio']['least']:.3g} to "
                f"{one['ratio']['most']:.3g}) | {clock} | {quiet}{', busy' * one['busy']} |"
            )
    return rows


def scaling(report: dict[str, Any]) -> list[str]:
    """Return the rows of the table of sizes in a report."""
    rows = []
    for one in report["sections"].get("scaling", {}).get("scaling", []):
        raw = one["raw"][0]
        rows.append(
            f"| {one['agents']:,} | {raw['seconds']['build']:.2f} | {raw['seconds']['run']:.2f} | "
            f"{raw['block']['cpu']:.1f} | {one['per_s']['median'] / 1e9:.3g} | "
            f"{raw['peak_mib']:,.0f} | {'busy' if one['busy'] else 'quiet'} |"
        )
    return rows


def plot(reports: list[dict[str, Any]], path: Path) -> None:
    """Draw all ratios on one logarithmic axis, with their spread."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "steppe"
    from matplotlib import pyplot

    found = [
        one
        for report in reports
        for section in report["sections"].values()
        for one in section.get("comparisons", [])
        if not one["name"].startswith(("limits", "threshold/")) or "/mesa/" in one["name"]
    ]
    figure, axes = pyplot.subplots(figsize=(7.5, 0.36 * len(found) + 1.2))
    for row, one in enumerate(reversed(found)):
        ratio = one["ratio"]
        color = "#b0762a" if one["busy"] else "#2a6fb0"
        axes.plot([ratio["least"], ratio["most"]], [row, row], color=color, linewidth=2)
        axes.plot([ratio["median"]], [row], "o", color=color)
    axes.set_yticks(range(len(found)), [one["name"] for one in reversed(found)], fontsize=8)
    axes.set_xscale("log")
    axes.axvline(1.0, color="#888888", linewidth=0.8)
    axes.set_xlabel("times as many agent-steps a second (orange: busy machine)")
    axes.grid(axis="x", alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Print the tables of the reports named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    reports = [json.loads(path.read_text()) for path in given.files]
    print("| comparison | against | ours, ns | theirs, ns | ratio | clock | pairs quiet |")
    print("|---|---|---|---|---|---|---|")
    for report in reports:
        print("\n".join(comparisons(report)))
    print("\n| agents | build, s | run, s | CPU s | 10^9 agent-hours/s | peak MiB | machine |")
    print("|---|---|---|---|---|---|---|")
    for report in reports:
        if rows := scaling(report):
            print("\n".join(rows))
    if given.plot:
        plot(reports, given.plot)


if __name__ == "__main__":
    main()
