using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;

namespace TaalasSim.Reports.Compare;

/// <summary>One card of a reference GPU that serves a model, with one user and with as many as fit.</summary>
/// <param name="Card">The card.</param>
/// <param name="Detail">Engine, weight format and number of cards, for people.</param>
/// <param name="OneUser">A single user; null when it cannot serve the model.</param>
/// <param name="FullBatch">As many users as fit, or as were asked for; null likewise.</param>
/// <param name="Unavailable">Why it cannot; empty when it can.</param>
public sealed record GpuViews(GpuCard Card, string Detail, GpuView? OneUser, GpuView? FullBatch, string Unavailable)
{
    /// <summary>Most cards that share a model.</summary>
    public const int MostCards = 1024;

    /// <summary>Evaluates a card.</summary>
    /// <param name="gpus">GPUs, engines and their calibration.</param>
    /// <param name="model">The model.</param>
    /// <param name="name"><c>CARD[:ENGINE[:WEIGHTS[:CARDS]]]</c>; TensorRT-LLM, the card's narrowest calibrated format and one card when
    /// not said. Several cards share each matrix.</param>
    /// <param name="input">Prompt tokens per request.</param>
    /// <param name="output">Answer tokens per request.</param>
    /// <param name="users">Users at full batch; 0 takes as many as fit.</param>
    /// <exception cref="InputException">No such card or engine.</exception>
    public static GpuViews Of(GpuLibrary gpus, ModelShape model, string name, int input, int output, int users = 0)
    {
        var parts = name.Split(':');
        var card = gpus.Card(parts[0]);
        var engine = gpus.Engine(parts.Length > 1 && parts[1].Length > 0 ? parts[1] : "tensorrt-llm");
        var format =
            parts.Length > 2 && parts[2].Length > 0 ? parts[2]
            : card.Fp8Tflops is null ? "bf16"
            : "fp8";
        var cards =
            parts.Length < 4 ? 1
            : parts.Length == 4
            && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is >= 1 and <= MostCards
                ? count
            : throw new InputException(
                $"GPU '{name}': write NAME, NAME:ENGINE, NAME:ENGINE:WEIGHTS or NAME:ENGINE:WEIGHTS:CARDS with 1…{MostCards} cards"
            );
        var service = new GpuService
        {
            TensorParallel = engine.SplitsLayers ? 1 : cards,
            LayerSplit = engine.SplitsLayers ? cards : 1,
            WeightFormat = format,
            KvFormat = format == "fp8" ? "fp8" : "bf16",
            InputTokens = input,
            OutputTokens = output,
        };
        var detail = $"{engine.Name}, {format} weights, {(cards == 1 ? "1 card" : $"{cards} cards")}";
        if (!model.Causal)
            return new GpuViews(card, detail, null, null, $"the model of GPUs decodes token by token, {model.Name} computes a canvas");
        try
        {
            var one = GpuReference.Evaluate(card, engine, model, service, gpus.Calibration);
            var full = GpuReference.Saturated(card, engine, model, service, gpus.Calibration);
            if (users > 0 && users < full.Batch)
                full = GpuReference.Evaluate(card, engine, model, service with { Batch = users }, gpus.Calibration);
            return new GpuViews(card, detail, one, full, "");
        }
        catch (InputException e)
        {
            return new GpuViews(
                card,
                detail,
                null,
                null,
                $"{(e.Message.StartsWith(card.Name + ": ", StringComparison.Ordinal) ? e.Message[(card.Name.Length + 2)..] : e.Message)}"
                    + $" (--gpu-cards, or {parts[0]}:{engine.Name}:{format}:CARDS)"
            );
        }
    }
}
