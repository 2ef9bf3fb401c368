"""What collection tells providers, a module for each topic; all of them are named here."""

from chalicelib.collection.codes.cells import *
from chalicelib.collection.codes.files import *
from chalicelib.collection.codes.findings import *
from chalicelib.collection.codes.heads import *
from chalicelib.collection.codes.operations import *
from chalicelib.collection.codes.parts import *
from chalicelib.collection.codes.plans import *
from chalicelib.collection.codes.pushes import *
from chalicelib.collection.codes.rows import *
from chalicelib.collection.codes.rules import *
from chalicelib.collection.codes.sheets import *
from chalicelib.collection.codes.uploads import *
