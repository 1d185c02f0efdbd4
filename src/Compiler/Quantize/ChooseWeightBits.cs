using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;
using TaalasSim.Compiler.Placement;

namespace TaalasSim.Compiler.Quantize;

/// <summary>
/// Chooses a code format for every matrix under a budget of bits. The loss of a matrix in a format is a power law of E, the
/// activation-weighted squared error of its codes, through two measured points: the KL divergence of the model with only this matrix in a
/// probe format. For small errors the divergence is quadratic in the change of the logits, so the losses of different matrices add; whether
/// they do is measured before a plan is taken.
/// </summary>
public static class ChooseWeightBits
{
    /// <summary>Name of the choice on the command line.</summary>
    public const string Auto = "auto";

    /// <summary>Outputs of a matrix that its errors are estimated from.</summary>
    private const int SampledOutputs = 256;

    private static readonly double[] Dampings = [1, 0.5, 0.25];

    /// <summary>Makes a plan.</summary>
    /// <param name="model">Model.</param>
    /// <param name="fabric">Fabric, for the formats that its banks hold.</param>
    /// <param name="budget">Stored bits per weight over all matrices but routers, scales included; e.g. 4.25 is what rom4 takes.</param>
    /// <param name="run">Run of the unquantised model.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">The budget is below the narrowest or above the widest format of the fabric.</exception>
    public static WeightPlan For(
        ImportedModel model,
        FabricSpec fabric,
        double budget,
        ICalibrationRun run,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        var formats = FormatsOf(fabric);
        CheckBudget(budget, formats, fabric.Name);
        var all = MatrixList.Matrices(model.Graph);
        var matrices = all.Where(m => m.Role != MatrixRole.Router).ToArray();
        var upper = formats.FindLastIndex(f => f.BitsPerWeight <= budget);
        // Two probes around the budget: the losses that matter lie there, and their divergence exceeds rounding.
        int[] probes = upper > 0 ? [upper - 1, upper] : [0, 1];
        var measured = matrices.Select(
            (m, i) =>
            {
                var losses = Probe(model, m, formats, probes, run, cancel);
                progress?.Report((i + 1.0) / (matrices.Length + 2));
                return losses;
            }
        );
        var sensitivities = measured.ToArray();
        var bits = matrices.Select(m => formats.Select(f => f.BitsPerWeight * m.Inputs * m.Outputs).ToArray()).ToArray();
        var weights = matrices.Sum(m => (double)m.Inputs * m.Outputs);
        double Divergence(int[] share) =>
            run.Divergence(
                Enumerable
                    .Range(0, matrices.Length)
                    .ToDictionary(m => matrices[m].PortName, m => formats[share[m]], StringComparer.Ordinal),
                cancel
            );
        var uniform = Enumerable.Repeat(upper, matrices.Length).ToArray();
        var uniformDivergence = Divergence(uniform);
        var (chosen, divergence) = (uniform, uniformDivergence);
        foreach (var share in Shares([.. sensitivities.Select(s => s.Losses)], bits, upper, budget * weights))
        {
            cancel.ThrowIfCancellationRequested();
            var tried = Divergence(share);
            if (tried < divergence)
                (chosen, divergence) = (share, tried);
        }

        progress?.Report(1);
        return new WeightPlan
        {
            Choice = new WeightChoice
            {
                Budget = budget,
                BitsPerWeight = matrices.Select((_, m) => bits[m][chosen[m]]).Sum() / weights,
                Probe = formats[probes[0]].Name,
                Divergence = divergence,
                Uniform = formats[upper].Name,
                UniformDivergence = uniformDivergence,
                Matrices = Choices(model, all, formats, sensitivities, chosen),
            },
            InputPower = run.InputPower,
        };
    }

    private static void CheckBudget(double budget, List<CodeFormat> formats, string fabric)
    {
        if (!(budget >= formats[0].BitsPerWeight))
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--bits {budget}: the narrowest format, {formats[0].Name}, takes "
                        + $"{formats[0].BitsPerWeight:0.##} bits a weight; ask for at least that"
                )
            );
        var widest = formats[^1];
        if (budget > widest.BitsPerWeight)
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--bits {budget}: the widest format that the banks of {fabric} hold, {widest.Name}, takes "
                        + $"{widest.BitsPerWeight:0.##} bits a weight; ask for at most that, or use --weights preserve"
                )
            );
    }

    // Errors and losses of a matrix in each format; two of the losses are measured.
    private static Sensitivity Probe(
        ImportedModel model,
        MatrixUse matrix,
        List<CodeFormat> formats,
        int[] probes,
        ICalibrationRun run,
        CancellationToken cancel
    )
    {
        var errors = Errors(model, matrix, run.InputPower.GetValueOrDefault(matrix.PortName), formats);
        var divergences = new double[probes.Length];
        for (var i = 0; i < probes.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var only = new Dictionary<string, CodeFormat>(StringComparer.Ordinal) { [matrix.PortName] = formats[probes[i]] };
            divergences[i] = Math.Max(0, run.Divergence(only, cancel));
        }

        var (coarse, fine) = ((errors[probes[0]], divergences[0]), (errors[probes[1]], divergences[1]));
        return new Sensitivity(errors, [.. errors.Select(e => Loss(e, coarse, fine))], divergences[0]);
    }

    // Losses add only while they are small, and at few bits the sum says too little: shares with damped sensitivities and without the
    // narrowest formats are measured too, and what was measured decides.
    private static IEnumerable<int[]> Shares(double[][] losses, double[][] bits, int upper, double budget)
    {
        var tried = new HashSet<string>(StringComparer.Ordinal) { string.Join(',', Enumerable.Repeat(upper, losses.Length)) };
        foreach (var damping in Dampings)
        {
            var damped = losses.Select(l => l.Select(v => l[upper] > 0 ? v * Math.Pow(l[upper], damping - 1) : 0).ToArray()).ToArray();
            for (var least = Math.Max(0, upper - 2); least <= upper; least++)
            {
                var share = AllocateBits
                    .Greedy([.. bits.Select(b => b[least..])], [.. damped.Select(l => l[least..])], budget)
                    .Select(o => o + least)
                    .ToArray();
                if (tried.Add(string.Join(',', share)))
                    yield return share;
            }
        }
    }

    private static List<MatrixChoice> Choices(
        ImportedModel model,
        IReadOnlyList<MatrixUse> all,
        List<CodeFormat> formats,
        Sensitivity[] sensitivities,
        int[] chosen
    )
    {
        var choices = new List<MatrixChoice>(all.Count);
        var index = 0;
        foreach (var m in all)
        {
            if (m.Role == MatrixRole.Router)
            {
                choices.Add(Choice(m, CodeFormats.OfGgml(model.Tensor(m.Tensor).Type.GgmlType), 0, 0));
                continue;
            }

            var (errors, _, probed) = sensitivities[index];
            choices.Add(Choice(m, formats[chosen[index]], errors[chosen[index]], probed));
            index++;
        }

        return choices;
    }

    // Of one matrix: its error and loss in each format, and the divergence measured in the narrower probe.
    private readonly record struct Sensitivity(double[] Errors, double[] Losses, double Probed);

    private static MatrixChoice Choice(MatrixUse matrix, CodeFormat format, double error, double divergence) =>
        new()
        {
            Matrix = matrix.PortName,
            Format = format.Name,
            BitsPerWeight = format.BitsPerWeight,
            Weights = (long)matrix.Inputs * matrix.Outputs,
            RelativeError = error,
            ProbeDivergence = divergence,
        };

    /// <summary>The fabric's own formats that its banks can hold, narrowest first.</summary>
    public static List<CodeFormat> FormatsOf(FabricSpec fabric) =>
        [.. CodeFormats.All.Where(f => f.GgmlType < 0 && Holds(fabric, f)).OrderBy(f => f.BitsPerWeight)];

    private static bool Holds(FabricSpec fabric, CodeFormat format)
    {
        try
        {
            _ = BankCut.For(fabric.Bank, format);
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }

    // The power law through two measured points, D = c · E^k. Theory says k = 1; measurements of tiny divergences scatter, so that k is
    // held near it.
    private static double Loss(double error, (double Error, double Divergence) coarse, (double Error, double Divergence) fine)
    {
        var exponent =
            coarse.Divergence > 0 && fine.Divergence > 0 && coarse.Error > fine.Error && fine.Error > 0
                ? Math.Clamp(Math.Log(coarse.Divergence / fine.Divergence) / Math.Log(coarse.Error / fine.Error), 0.7, 1.5)
                : 1;
        return coarse.Error > 0 ? coarse.Divergence * Math.Pow(error / coarse.Error, exponent) : 0;
    }

    // Σ p (w − ŵ)² / Σ p w² in each format, over evenly spread outputs.
    private static double[] Errors(ImportedModel model, MatrixUse matrix, float[]? power, IReadOnlyList<CodeFormat> formats)
    {
        var tensor = model.Tensor(matrix.Tensor);
        var outputs = Math.Min(matrix.Outputs, SampledOutputs);
        var p = power ?? Enumerable.Repeat(1f, matrix.Inputs).ToArray();
        var sums = new double[outputs][];
        Parallel.For(0, outputs, i =>
        {
            var w = new float[matrix.Inputs];
            var decoded = new float[matrix.Inputs];
            model.DecodeRow(tensor, matrix.Row((int)((long)i * matrix.Outputs / outputs)), w);
            var sum = new double[formats.Count + 1];
            for (var k = 0; k < w.Length; k++)
                sum[^1] += (double)p[k] * w[k] * w[k];
            for (var f = 0; f < formats.Count; f++)
            {
                var blocks = new byte[PanelLayout.Blocks(formats[f], w.Length) * formats[f].BlockBytes];
                var format = (RomFormat)formats[f];
                format.DecodeColumn(blocks, format.EncodeColumn(w, p, blocks), decoded);
                for (var k = 0; k < w.Length; k++)
                    sum[f] += (double)p[k] * (w[k] - decoded[k]) * (w[k] - decoded[k]);
            }

            sums[i] = sum;
        });
        // Added in order, so that the result does not depend on the threads.
        var total = sums.Sum(s => s[^1]);
        return [.. formats.Select((_, f) => total > 0 ? sums.Sum(s => s[f]) / total : 0)];
    }
}
