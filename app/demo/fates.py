"""Fates of the bundled ledger's lines by serial number; every line has one."""

# fmt: off
LISTED = (1, 3, 7, 13, 16, 26, 29, 32, 36, 37, 40, 44, 51, 52)   # first round: announced and on the list
UPHELD = (45,)                             # first round: an objection is upheld, back to cultivation
NOTICE = (8, 14, 17, 22, 38, 46, 47, 54)   # second round: the notice is open today
SHORTLISTED = (20, 60)                     # second round: waits for the next notice
HALF_SCORED = (27, 30, 39)                 # second round: one of two scores is there
NOT_SELECTED = (24,)                       # first round: reviewed, not chosen
CULTIVATED = (11, 12, 18, 21, 34, 41, 43, 53)
REFUSED = (31,)                            # by the city, decided by its lead
RETURNED_BY_CITY = (28,)
AWAITING = (2, 33, 50)                    # returned in May, late; the decision waits for the lead now
AT_CITY = (15, 19)                         # the same, still to be checked
AT_COUNTY = (9, 10, 25, 42, 56, 58)        # one an area
RETURNED = (4, 23, 48, 55, 57, 59)         # one an area
NOT_RECOMMENDED = (35,)
WITHDRAWN = (6,)
DRAFT = (5, 49)

FIRST_ROUND = (*LISTED, *UPHELD)
SECOND_ROUND = (*NOTICE, *SHORTLISTED)
SPRING = (*FIRST_ROUND, *SECOND_ROUND, *HALF_SCORED, *NOT_SELECTED, *CULTIVATED)  # confirmed in June
AUTUMN = (*AWAITING, *AT_CITY)             # corrected and recommended after the legal date
REPORTED = (*SPRING, *AUTUMN, *REFUSED, *RETURNED_BY_CITY, *AT_COUNTY, *RETURNED, *NOT_RECOMMENDED, *WITHDRAWN)
# fmt: on

OBJECTED = 16  # rejected after verification
OPEN_OBJECTION = 54
UNIT1 = 48  # listed as a factory the year before, now applying as the leader of a supply chain
PARK = 40  # its area's factories are its tenants
LEADER, SUPPLIERS = 52, (3, 36)
