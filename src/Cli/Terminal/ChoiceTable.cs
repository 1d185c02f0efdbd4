using System.Globalization;
using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Cli.Terminal;

/// <summary>Prints which code format every matrix got.</summary>
internal static class ChoiceTable
{
    public static void Print(WeightChoice choice)
    {
        Console.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  weights        {choice.BitsPerWeight:0.###} of {choice.Budget:0.###} bits each; KL divergence {choice.Divergence:0.00000} nats, {choice.Uniform} throughout {choice.UniformDivergence:0.00000} (calibration text)"
            )
        );
        Console.Out.WriteLine($"    {"matrix", -28} {"format", -6} {"bits", 5} {"error", 9} {"KLD in " + choice.Probe, 12}");
        foreach (var c in choice.Matrices)
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"    {c.Matrix, -28} {c.Format, -6} {c.BitsPerWeight, 5:0.##} {c.RelativeError, 9:0.00000} {c.ProbeDivergence, 12:0.000000}"
                )
            );
    }
}
