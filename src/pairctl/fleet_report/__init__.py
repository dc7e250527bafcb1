"""The report: what is on record of a fleet as one static HTML page. It asks nobody."""

from pairctl.fleet_report.campaign import Campaign, Wave, WaveProgress
from pairctl.fleet_report.document import Heading, report_document
from pairctl.fleet_report.page import render_page
from pairctl.fleet_report.rollouts import campaigns_of

__all__ = [
    "Campaign",
    "Heading",
    "Wave",
    "WaveProgress",
    "campaigns_of",
    "render_page",
    "report_document",
]
