"""What the model can draw, measured: a judge that shares nothing with it, prompts with ground
truth, a report.

    from danqing.evaluation import Judge, evaluate, plan_evaluation
    judge = Judge(folder)
    report = evaluate(engine, judge, plan_evaluation(judge, quick=True))

Evaluating needs numpy and ONNX Runtime. Making a judge (`danqing.evaluation.build_judge`) needs
torch.
"""

from danqing.evaluation.evaluate import (
    SWEEP_STEPS,
    Plan,
    evaluate,
    main_shares,
    plan_evaluation,
    real_figures,
    write_report,
)
from danqing.evaluation.gather import real_art
from danqing.evaluation.judge import Judge
from danqing.evaluation.report import Figure, Report
from danqing.evaluation.statistics import Share

__all__ = [
    "SWEEP_STEPS",
    "Figure",
    "Judge",
    "Plan",
    "Report",
    "Share",
    "evaluate",
    "main_shares",
    "plan_evaluation",
    "real_art",
    "real_figures",
    "write_report",
]
