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
                $"  weights        {choice.BitsPerWeight:0.###} of {choice.Budget:0.###} bits each; KL divergence "
                    + $"{choice.Divergence:0.00000} nats, {choice.Uniform} throughout "
                    + $"{choice.UniformDivergence:0.00000} (calibration text)"
            )
        );
        var table = new TextTable().Words("matrix").Words("format").Numbers("bits").Numbers("error").Numbers("KLD in " + choice.Probe);
        foreach (var c in choice.Matrices)
            table.Row(
                c.Matrix,
                c.Format,
                c.BitsPerWeight.ToString("0.##", CultureInfo.InvariantCulture),
                c.RelativeError.ToString("0.00000", CultureInfo.InvariantCulture),
                c.ProbeDivergence.ToString("0.000000", CultureInfo.InvariantCulture)
            );
        table.Write(Console.Out, indent: 4);
    }
}
