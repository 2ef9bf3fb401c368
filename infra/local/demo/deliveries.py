"""Every file of the demo: who sends it, what is in it, and what must come of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from random import Random

from infra.local.demo import faults, licences, lists, offences, penalties, registrations
from infra.local.demo.city import COMPANY, RENAMED, STALL, STALLHOLDER, City, make_city
from infra.local.demo.faults import Fault
from infra.local.demo.files import FIRST_ROW, DemoFile, Layout, Row
from infra.local.demo.identifiers import PLACEHOLDER
from infra.local.demo.organisations import Form, Organisation
from infra.local.demo.providers import (
    APPROVAL,
    CIVIL_AFFAIRS,
    COURT,
    ENVIRONMENT,
    HOUSING,
    MARKET,
    TAXATION,
    TRANSPORT,
    Provider,
)

_SEED = 20261122
