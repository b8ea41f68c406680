"""The explicit list of mechanisms, one file each, in the order they were written down."""

from steppe.model.mechanism import Mechanism
from steppe.model.mechanisms.alliance import ALLIANCE
from steppe.model.mechanisms.alliance_decision import ALLIANCE_DECISION, ALLIANCE_EMPIRICAL
from steppe.model.mechanisms.bargaining import NASH, RUBINSTEIN
from steppe.model.mechanisms.bargaining_spatial import SPATIAL
from steppe.model.mechanisms.casualties import CASUALTIES
from steppe.model.mechanisms.command import COMMAND
from steppe.model.mechanisms.contact import CONTACT
from steppe.model.mechanisms.contact_by_order import CONTACT_BY_ORDER
from steppe.model.mechanisms.deterrence import DETERRENCE
from steppe.model.mechanisms.diffusion import DIFFUSION
from steppe.model.mechanisms.elite import ELITE
from steppe.model.mechanisms.first_move import FIRST_MOVE
from steppe.model.mechanisms.framing import FRAMING
from steppe.model.mechanisms.grievance import GRIEVANCE
from steppe.model.mechanisms.indices import INDICES
from steppe.model.mechanisms.information import DAMPENED, INFORMATION, UNAFFECTED
from steppe.model.mechanisms.joining import JOINING
from steppe.model.mechanisms.leaving import LEAVING
from steppe.model.mechanisms.legitimacy import LEGITIMACY
from steppe.model.mechanisms.looting import LOOTERS
from steppe.model.mechanisms.loyalty import LOYALTY
from steppe.model.mechanisms.loyalty_cascade import CASCADE
from steppe.model.mechanisms.news import NEWS, NEWS_BY_SILENCE, NEWS_UNAFFECTED
from steppe.model.mechanisms.outcome import OUTCOME
from steppe.model.mechanisms.outrage import OUTRAGE
from steppe.model.mechanisms.participation import PARTICIPATION
from steppe.model.mechanisms.participation_contagion import CONTAGION
from steppe.model.mechanisms.participation_epstein import EPSTEIN
from steppe.model.mechanisms.participation_kuran import KURAN
from steppe.model.mechanisms.participation_threshold import THRESHOLD
from steppe.model.mechanisms.price import PRICE
from steppe.model.mechanisms.regime import REGIME
from steppe.model.mechanisms.risk import FEARLESS, RISK, RISK_FLOOR
from steppe.model.mechanisms.round_up import ROUND_UP
from steppe.model.mechanisms.rumour import RUMOUR
from steppe.model.mechanisms.seizure import SEIZURE
from steppe.model.mechanisms.threat import THREAT
from steppe.model.mechanisms.timeline import TIMELINE
from steppe.model.mechanisms.trigger import TRIGGER
from steppe.model.mechanisms.violence import VIOLENCE
from steppe.model.mechanisms.willingness import WILLINGNESS

ALL: tuple[Mechanism, ...] = (
    TIMELINE,
    TRIGGER,
    PRICE,
    ALLIANCE_DECISION,
    ALLIANCE_EMPIRICAL,
    ALLIANCE,
    NEWS,
    NEWS_UNAFFECTED,
    NEWS_BY_SILENCE,
    INFORMATION,
    DAMPENED,
    UNAFFECTED,
    FRAMING,
    RUMOUR,
    LEGITIMACY,
    OUTRAGE,
    DETERRENCE,
    GRIEVANCE,
    RISK,
    RISK_FLOOR,
    FEARLESS,
    COMMAND,
    ROUND_UP,
    FIRST_MOVE,
    WILLINGNESS,
    JOINING,
    PARTICIPATION,
    THRESHOLD,
    EPSTEIN,
    KURAN,
    CONTAGION,
    LEAVING,
    VIOLENCE,
    LOOTERS,
    CONTACT_BY_ORDER,
    CONTACT,
    SEIZURE,
    LOYALTY,
    CASCADE,
    CASUALTIES,
    THREAT,
    ELITE,
    REGIME,
    RUBINSTEIN,
    NASH,
    SPATIAL,
    OUTCOME,
    DIFFUSION,
    INDICES,
)
"""All mechanisms; within a phase they run in this order, and the first of a role is its default."""
