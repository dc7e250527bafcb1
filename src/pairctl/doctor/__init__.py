"""Looking at every server that the documents name, to tell what works and what to do.

It works with clients that can only look, and changes nothing: it logs in, and reads.
"""

from pairctl.doctor.access import DoctorAccess
from pairctl.doctor.check import Check, Examination, Verdict
from pairctl.doctor.examination import examine

__all__ = ["Check", "DoctorAccess", "Examination", "Verdict", "examine"]
