using System.Globalization;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Rtl;
using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Functional;

namespace TaalasSim.Runtime.Rtl;

/// <summary>Compares what the Verilog of a chip did with the hardware numerics and the event engine.</summary>
internal static class VerifyChip
{
    private const int MostFaults = 20;

    /// <summary>Compares a run.</summary>
    /// <param name="rtl">Chip as it was written.</param>
    /// <param name="wired">Its image.</param>
    /// <param name="image">Its layers.</param>
    /// <param name="prompt">Prompt of the run.</param>
    /// <param name="tokens">Answer tokens that were asked for.</param>
    /// <param name="log">What the run printed.</param>
    /// <param name="seconds">Seconds of build and run.</param>
    /// <param name="cancel">Stops between layers.</param>
    public static ChipCheckResult Compare(
        ChipRtl rtl,
        WiredChip wired,
        MaskImage image,
        IReadOnlyList<int> prompt,
        int tokens,
        ChipLog log,
        (double Build, double Run) seconds,
        CancellationToken cancel
    )
    {
        using var kernels = new RecordingKernels(wired, image);
        var expected = Generate(wired, kernels, prompt, tokens, cancel);
        var faults = new List<string>();
        var sums = CompareResults(rtl, kernels, log, faults);
        var answers = log.Tokens.Where(t => t.Token >= 0).ToArray();
        int[] got = [.. answers.Select(t => t.Token)];
        if (!log.Finished)
            faults.Add(
                "sequencer: the run did not end; the last instruction is number "
                    + (log.Instructions.Count == 0 ? "none" : log.Instructions[^1].Index.ToString(CultureInfo.InvariantCulture))
            );
        for (var i = 0; i < tokens && faults.Count < MostFaults; i++)
            if (i >= got.Length || got[i] != expected[i])
                faults.Add(
                    $"sampler: answer token {i} is {(i < got.Length ? got[i].ToString(CultureInfo.InvariantCulture) : "missing")}, "
                        + $"expected {expected[i]}"
                );
        if (got.Length > tokens)
            faults.Add($"sequencer: {got.Length} answer tokens, {tokens} were asked for");
        var result = new EventEngine(rtl.Schedule, Workload.Users(1, new Request(0, 1, tokens, prompt.Count - 1))).Run(cancel);
        var streamed = new EventEngine(rtl.Schedule, Workload.Users(1, new Request(0, prompt.Count, 1))).Run(cancel);
        var first = log.Instructions.Count == 0 ? 0 : log.Instructions[0].Start;
        var table = new PhaseTable(rtl, log, prompt.Count - 1);
        return new ChipCheckResult
        {
            Tokens = got,
            Expected = expected,
            Passes = log.Tokens.Count,
            BankResults = log.Banks.Count,
            Sums = sums,
            Values = log.Values.Count,
            TokenCycles = TokenRows(log, answers, result),
            Phases = table.Rows(result),
            Timeline = new RtlTimeline
            {
                Model = rtl.Plan.Model.Name,
                Position = prompt.Count + tokens - 2,
                Spans = table.Spans(prompt.Count + tokens - 2),
            },
            FirstToken = new TokenCycles(prompt.Count - 1, streamed.Cycles, answers.Length == 0 ? 0 : answers[0].Cycle - first),
            Faults = faults,
            BuildSeconds = seconds.Build,
            RunSeconds = seconds.Run,
        };
    }

    private static int[] Generate(
        WiredChip wired,
        RecordingKernels kernels,
        IReadOnlyList<int> prompt,
        int tokens,
        CancellationToken cancel
    )
    {
        using var pass = new ForwardPass(wired, kernels, 1, prompt.Count + tokens);
        using var sequence = pass.NewSequence(prompt.Count + tokens);
        var logits = new float[pass.VocabularySize];
        var answers = new int[tokens];
        for (var position = 0; position < prompt.Count + tokens - 1; position++)
        {
            var answer = position - prompt.Count + 1;
            kernels.Begin(position, answer >= 0);
            pass.Evaluate(sequence, [answer <= 0 ? prompt[position] : answers[answer - 1]], logits, cancel);
            if (answer >= 0)
                answers[answer] = TokenSampler.ArgMax(logits);
        }

        return answers;
    }

    // In the order in which the chip gave them. What follows from a wrong result is wrong too: only the first of each token is told.
    private static int CompareResults(ChipRtl rtl, RecordingKernels kernels, ChipLog log, List<string> faults)
    {
        var compared = 0;
        var told = new HashSet<int>();
        foreach (var (ofBank, index) in log.Results)
        {
            string? fault;
            var position = ofBank ? log.Banks[index].Position : log.Values[index].Position;
            if (ofBank)
                fault = CompareBank(rtl, kernels, log.Banks[index], ref compared);
            else
                fault =
                    kernels.Values.TryGetValue((log.Values[index].Operator, position), out var expected)
                    && log.Values[index].Digest != expected
                        ? Wrong(rtl, log.Values[index].Operator, position)
                        : null;
            if (fault is not null && faults.Count < MostFaults && told.Add(position))
                faults.Add(fault);
        }

        var banks = kernels.Sums.Keys.Except(log.Banks.Select(b => (b.Site, b.Position))).Count();
        if (banks > 0)
            faults.Add($"banks: {banks} of {kernels.Sums.Count} results are missing");
        var values = kernels.Values.Keys.Except(log.Values.Select(v => (v.Operator, v.Position))).Count();
        if (values > 0)
            faults.Add($"vector clusters: {values} of {kernels.Values.Count} results are missing");
        return compared;
    }

    private static string? CompareBank(
        ChipRtl rtl,
        RecordingKernels kernels,
        (int Site, int Position, long Cycle, string Sums) result,
        ref int compared
    )
    {
        if (!kernels.Sums.TryGetValue((result.Site, result.Position), out var expected))
            return null;
        var strap = rtl.Straps[result.Site];
        var port = rtl.Plan.Matrices[strap.Matrix];
        var sums = new long[port.BankColumns];
        HexRows.Parse(result.Sums, rtl.Plan.Fabric.Bank.AccumulatorBits, sums);
        compared += expected.Length;
        for (var c = 0; c < expected.Length; c++)
            if (sums[c] != expected[c])
                return $"bank on site {result.Site} ({port.Name}, segment {strap.InputSegment} of the inputs and {strap.OutputSegment} "
                    + $"of the outputs), position {result.Position}, column {c}: {sums[c]}, expected {expected[c]}";
        return null;
    }

    private static string Wrong(ChipRtl rtl, int op, int position) =>
        $"{Unit(rtl, rtl.Graph.Operators[op])}, position {position}: the result of %{op} {rtl.Graph.Operators[op].Describe()} differs";

    private static string Unit(ChipRtl rtl, Operator op)
    {
        var region = rtl.Config.RegionOfStage[
            op.Layer < 0
                ? op is EmbedOperator
                    ? 0
                    : ^1
                : op.Layer + 1
        ];
        return op switch
        {
            EmbedOperator => "embedding sites",
            MatMulOperator m => $"reduction and network of {m.Tensor}, or the lanes of region {region}",
            AttentionOperator => $"KV memory or attention of region {region}",
            _ => $"vector cluster of region {region}",
        };
    }

    private static TokenCycles[] TokenRows(ChipLog log, (int Position, long Cycle, int Token)[] answers, EngineResult result)
    {
        var engine = result.TokenCycles(0);
        var rows = new TokenCycles[answers.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var start = log.Instructions.First(x => x.Position == answers[i].Position).Start;
            rows[i] = new TokenCycles(
                answers[i].Position,
                i < engine.Length ? engine[i] - (i == 0 ? 0 : engine[i - 1]) : 0,
                answers[i].Cycle - start
            );
        }

        return rows;
    }
}
