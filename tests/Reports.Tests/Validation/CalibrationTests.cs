using NUnit.Framework;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.Reports.Compare;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Validation;

/// <summary>The committed calibration is that of the published chip as the compiler places it.</summary>
[Category("Validation")]
public class CalibrationTests
{
    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    private static EvaluationInput Anchor => Library.Anchor("n6")!;

    [Test]
    public void The_committed_clock_and_factors_are_those_that_fit_the_published_figures()
    {
        var technology = Library.Technology("n6");
        var fitted = FitCalibration.Fit(Anchor, technology);
        TestContext.Out.WriteLine(FormattableString.Invariant($"clock {fitted.ClockGhz:R} area {fitted.Area:R} power {fitted.Power:R}"));
        Assert.Multiple(() =>
        {
            Assert.That((double)Anchor.Fabric.ClockGhz, Is.EqualTo(fitted.ClockGhz).Within(1e-5));
            Assert.That((double)technology.Calibration.Area, Is.EqualTo(fitted.Area).Within(1e-5));
            Assert.That((double)technology.Calibration.Power, Is.EqualTo(fitted.Power).Within(1e-5));
        });
    }
}
