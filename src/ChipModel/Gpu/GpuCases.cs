using System.Globalization;
using System.Text.RegularExpressions;
using TaalasSim.ChipModel.Chip;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>Binds measurements to cards, engines, models and services; a row that cannot be bound gets its reason.</summary>
public static partial class GpuCases
{
    private const int OpenBatch = int.MaxValue;

    /// <summary>Binds every row of a table.</summary>
    public static (IReadOnlyList<GpuCase> Cases, IReadOnlyList<GpuUnmodelled> Unmodelled) Bind(
        IEnumerable<GpuMeasurement> rows,
        GpuLibrary library
    )
    {
        var cases = new List<GpuCase>();
        var unmodelled = new List<GpuUnmodelled>();
        foreach (var row in rows)
        {
            var result = Bind(row, library, out var reason);
            if (result is not null)
                cases.Add(result);
            else
                unmodelled.Add(new GpuUnmodelled(row.Id, reason));
        }

        return (cases, unmodelled);
    }

    private static GpuCase? Bind(GpuMeasurement row, GpuLibrary library, out string reason)
    {
        GpuCase? No(string why, out string reason)
        {
            reason = why;
            return null;
        }

        if (library.Exclusions.TryGetValue(row.Id, out var excluded))
            return No(excluded, out reason);
        if (library.FindCard(row.Gpu) is not { } card)
            return No($"no datasheet for GPU '{row.Gpu}'", out reason);
        if (library.FindModel(row.Model) is not { } model)
            return No($"no shape for model '{row.Model}'", out reason);
        if (library.FindEngine(row.Engine, row.EngineVersion, row.Year) is not { } engine)
            return No($"no preset for engine '{row.Engine}'", out reason);
        if (WeightFormat.TryFind(row.WeightFormat) is not { } format)
            return No($"weight format '{row.WeightFormat}' is not described", out reason);

        if (!TryLengths(row, library, out var input, out var output, out var progress, out var promptUnknown))
            return No($"lengths '{row.Input}' and '{row.Output}' are neither numbers nor a named request mix", out reason);
        if (!TryBatch(row.Batch, out var batch, out var saturated, out var online))
            return No($"batch '{row.Batch}' does not say how many sequences run", out reason);
        var quantity = QuantityOf(row, saturated, online, promptUnknown, engine);
        if (quantity is null)
            return No(NoQuantity(row, saturated, promptUnknown), out reason);
        if (engine.SplitsLayers && row.Cards > 1 && quantity == GpuQuantity.PromptRate)
            return No("prompts over cards that hold consecutive layers overlap by an amount that is not stated", out reason);
        var noOutput = output <= 1 && quantity is not (GpuQuantity.FirstToken or GpuQuantity.FirstTokenOnline or GpuQuantity.PromptRate);
        if (noOutput && quantity is not (GpuQuantity.UserRate or GpuQuantity.StepTime))
            return No("the answer length is not stated", out reason);

        if (!TryKvFormat(row, engine, format, out var kv, out var fault))
            return No(fault, out reason);
        var split = engine.SplitsLayers && row.TensorParallel <= 1 ? row.Cards : 1;
        var service = new GpuService
        {
            WeightFormat = format.Name,
            KvFormat = kv,
            TensorParallel = row.TensorParallel > 0 ? row.TensorParallel : SmallestParallel(card, engine, model, format, row.Cards),
            LayerSplit = split,
            ExpertParallel = ExpertParallel(row, model),
            Batch = batch,
            InputTokens = input,
            OutputTokens = noOutput ? Math.Max(1, input) : output,
            Progress = progress,
        };
        var bound = new GpuCase
        {
            Measurement = row,
            Card = card,
            Engine = engine,
            Model = model,
            Service = service,
            Quantity = quantity.Value,
        };
        if (MemoryFault(bound, library) is { } full)
            return No(full, out reason);
        reason = "";
        return bound;
    }

    // Which figure a row states; null for one that is not predicted for its kind of run.
    private static GpuQuantity? QuantityOf(GpuMeasurement row, bool saturated, bool online, bool promptUnknown, GpuEngine engine) =>
        row.Metric switch
        {
            "tpot_ms" when !saturated => GpuQuantity.StepTime,
            "decode_tok_s" when !saturated && row.Scope == "group" => GpuQuantity.DecodeRate,
            "decode_tok_s" or "tok_s_per_user" when !saturated => GpuQuantity.UserRate,
            "output_tok_s_total" when saturated => GpuQuantity.Saturated,
            "output_tok_s_total" => GpuQuantity.BatchRate,
            "tok_s_per_gpu" when saturated => GpuQuantity.SaturatedPerCard,
            "tok_s_per_gpu" when !engine.InFlightBatching => GpuQuantity.BatchRatePerCard,
            "tok_s_per_gpu" => GpuQuantity.SaturatedPerCard,
            "ttft_ms" when !saturated && !promptUnknown => online || row.Arrival == "closed_loop"
                ? GpuQuantity.FirstTokenOnline
                : GpuQuantity.FirstToken,
            "prefill_tok_s" when !promptUnknown => GpuQuantity.PromptRate,
            "power_w" when row.Note.StartsWith("WALL", StringComparison.Ordinal) => null,
            "power_w" when row.Scope == "per_gpu" => GpuQuantity.PowerPerCard,
            "power_w" when !saturated || row.Batch.Length > 0 => GpuQuantity.Power,
            "power_w_per_gpu" or "power_per_gpu_w" => GpuQuantity.PowerPerCard,
            _ => null,
        };

    private static string NoQuantity(GpuMeasurement row, bool saturated, bool promptUnknown) =>
        row.Note.StartsWith("WALL", StringComparison.Ordinal) ? "power of a whole server at the wall"
        : promptUnknown && row.Metric == "ttft_ms" ? "the prompt length is not published"
        : saturated && row.Metric is "tpot_ms" or "ttft_ms" ? "latency under a server load whose arrivals are not stated"
        : $"metric '{row.Metric}' is not predicted for this kind of run";

    // The KV format that a row states, or the engine's own for its weights.
    private static bool TryKvFormat(GpuMeasurement row, GpuEngine engine, WeightFormat format, out string kv, out string fault)
    {
        kv =
            row.KvFormat.Length > 0 ? row.KvFormat
            : engine.Fp8KvWithFp8Weights && format.Unit <= 8 ? "fp8"
            : "bf16";
        fault = "";
        try
        {
            _ = WeightFormat.KvBytes(kv);
            return true;
        }
        catch (Files.InputException e)
        {
            fault = e.Message;
            return false;
        }
    }

    // Whether a loaded server has room for a sequence at all; figures of given batches are taken at their word.
    private static string? MemoryFault(GpuCase bound, GpuLibrary library)
    {
        if (bound.Quantity is not (GpuQuantity.Saturated or GpuQuantity.SaturatedPerCard or GpuQuantity.BatchRate))
            return null;
        var parameters = library.Calibration.Values().For(bound.Engine);
        var machine = new GpuMachine(GpuSpeeds.Of(bound.Card), bound.Engine, parameters, bound.Model, bound.Service);
        return machine.Admitted() < 1
            ? $"the weights ({machine.WeightBytes / 1e9:F0} GB) and one sequence do not fit the stated cards"
            : null;
    }

    /// <summary>Smallest power of two of cards whose memory is at most two thirds weights: where a table leaves the split open.</summary>
    private static int SmallestParallel(GpuCard card, GpuEngine engine, ModelShape model, WeightFormat format, int cards)
    {
        var bytes = new ModelTraffic(model).Resident * format.BitsPerWeight / 8;
        var tp = 1;
        while (tp * 2 <= cards && bytes > tp * card.CapacityGb.Value * 1e9 * engine.MemoryFraction * 2 / 3)
            tp *= 2;
        return tp;
    }

    // ML.ENERGY states expert parallelism in the note, e.g. "EP=8 DP=1".
    private static int ExpertParallel(GpuMeasurement row, ModelShape model)
    {
        var stated = Experts().Match(row.Note);
        return
            model.Experts > 0
            && stated.Success
            && int.TryParse(stated.Groups["ways"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var ways)
            && ways >= 1
            && ways <= row.Cards
            ? ways
            : 1;
    }

    private static bool TryLengths(
        GpuMeasurement row,
        GpuLibrary library,
        out double input,
        out double output,
        out double progress,
        out bool promptUnknown
    )
    {
        var text = row.Input.ToLowerInvariant();
        var mix = library.Workloads.FirstOrDefault(w => text.Contains(w.Name, StringComparison.Ordinal));
        progress = mix?.Progress ?? 0.5;
        promptUnknown = mix?.PromptUnknown ?? false;
        var hasInput = TryNumber(row.Input, out input);
        if (!hasInput && mix is not null)
            (input, hasInput) = (mix.InputTokens, true);
        if (!TryNumber(row.Output, out output))
            output = mix?.OutputTokens ?? 0;
        return hasInput;
    }

    /// <summary>Reads a batch: a number, a bound, "saturated", or a request rate with the mean number in decode beside it.</summary>
    private static bool TryBatch(string text, out double batch, out bool saturated, out bool online)
    {
        (batch, saturated, online) = (0, false, false);
        var lower = text.Trim().ToLowerInvariant();
        var inDecode = InDecode().Match(lower);
        if (inDecode.Success)
        {
            online = true;
            return TryNumber(inDecode.Groups["count"].Value, out batch) && batch > 0;
        }

        if (lower.StartsWith("<=", StringComparison.Ordinal) || lower.StartsWith('≤'))
        {
            saturated = true;
            return TryNumber(lower.TrimStart('<', '=', '≤'), out batch) && batch > 0;
        }

        if (lower.StartsWith("saturated", StringComparison.Ordinal) || lower.StartsWith("max", StringComparison.Ordinal))
        {
            (batch, saturated) = (OpenBatch, true);
            return true;
        }

        return !lower.Contains("qps", StringComparison.Ordinal)
            && !lower.Contains("..", StringComparison.Ordinal)
            && TryNumber(lower, out batch)
            && batch > 0;
    }

    /// <summary>Reads the number a text starts with, e.g. <c>~778 (CNN/DM)</c>.</summary>
    private static bool TryNumber(string text, out double number)
    {
        var match = Leading().Match(text);
        number = 0;
        return match.Success && double.TryParse(match.Groups["number"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    [GeneratedRegex(@"~?\s*(?<count>[0-9.]+)\s+in decode", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InDecode();

    [GeneratedRegex(@"\bEP=(?<ways>[0-9]{1,4})\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Experts();

    [GeneratedRegex(@"^\s*~?\s*(?<number>[0-9]+(\.[0-9]+)?)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Leading();
}
