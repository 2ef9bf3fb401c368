"""Table `progress`: how far each job has come that one invocation does not finish."""

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.runtime.tables import configured, save_if


class Progress(Model):
    """One job's state. `step` counts its writes, so that of two runs at a time one stops."""

    class Meta:
        table_name = configured("progress_table")

    job = UnicodeAttribute(hash_key=True)
    step = NumberAttribute()
    state = BinaryAttribute(legacy_encoding=False)


def read_progress(job: str) -> tuple[int, bytes | None]:
    """The number of a job's last step (0 before the first) and its state, read strongly."""
    for found in Progress.batch_get([job], consistent_read=True):
        return int(found.step), found.state
    return 0, None


def keep_progress(job: str, step: int, state: bytes) -> bool:
    """Keep `state` as that of step number `step`; False unless the last one is the step before."""
    follows = Progress.step == step - 1 if step > 1 else Progress.job.does_not_exist()
    return save_if(Progress(job, step=step, state=state), follows)
