using System.Globalization;
using TaalasSim.Compiler.Export.Masks;

namespace TaalasSim.Cli.Terminal;

/// <summary>The outcome of a design-rule check for people: one line, then the first faults.</summary>
internal static class DrcLines
{
    private const int Shown = 10;

    public static void Write(DrcReport report)
    {
        Console.Out.WriteLine(
            report.Clean
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"design rules: no violation; via density {report.ViaDensityMean * 100:0.0} % on average, "
                        + $"{report.ViaDensityMaximum * 100:0.0} % maximum"
                )
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"design rules: {report.FaultCount} {(report.FaultCount == 1 ? "fault" : "faults")}"
                )
        );
        foreach (var fault in report.Faults.Take(Shown))
            Console.Out.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"  {fault.Rule} in {fault.Cell} at ({fault.X}, {fault.Y}) nm: {fault.What}")
            );
        if (report.FaultCount > Shown)
            Console.Out.WriteLine(
                $"  and {report.FaultCount - Math.Min(Shown, report.Faults.Count)} more (--json lists the first hundred of every rule)"
            );
    }
}
