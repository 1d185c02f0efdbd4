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
    /// <summary>The kernels of a step for one user and at full batch; empty when the card cannot serve the model.</summary>
    public IReadOnlyList<(ServiceView View, double Users, IReadOnlyList<GpuKernel> Kernels)> Steps() =>
        OneUser is null || FullBatch is null
            ? []
            :
            [
                (ServiceView.OneUser, OneUser.Batch, Kernels(OneUser.Batch)),
                (ServiceView.FullBatch, FullBatch.Batch, Kernels(FullBatch.Batch)),
            ];

    /// <summary>Cards that share the model.</summary>
    public int Cards { get; private init; } = 1;

    private Func<double, IReadOnlyList<GpuKernel>> Kernels { get; init; } = _ => [];

    /// <summary>Most cards that share a model.</summary>
    public const int MostCards = 1024;

    /// <summary>Evaluates a card.</summary>
    /// <param name="gpus">GPUs, engines and their calibration.</param>
    /// <param name="model">The model.</param>
    /// <param name="name"><c>CARD[:ENGINE[:WEIGHTS[:CARDS]]]</c>; the card's usual engine, the engine's usual format and one card when
    /// not said. Several cards share each matrix.</param>
    /// <param name="input">Prompt tokens per request.</param>
    /// <param name="output">Answer tokens per request.</param>
    /// <param name="users">Users at full batch; 0 takes as many as fit.</param>
    /// <exception cref="InputException">No such card, engine or weight format.</exception>
    public static GpuViews Of(GpuLibrary gpus, ModelShape model, string name, int input, int output, int users = 0)
    {
        var (card, engine, service, detail) = Parse(gpus, name, input, output);
        if (!model.Causal)
            return new GpuViews(card, detail, null, null, $"the model of GPUs decodes token by token, {model.Name} computes a canvas");
        try
        {
            var one = GpuReference.Evaluate(card, engine, model, service, gpus.Calibration);
            var full = GpuReference.Saturated(card, engine, model, service, gpus.Calibration);
            if (users > 0 && users < full.Batch)
                full = GpuReference.Evaluate(card, engine, model, service with { Batch = users }, gpus.Calibration);
            return new GpuViews(card, detail, one, full, "")
            {
                Cards = service.TensorParallel * service.LayerSplit,
                Kernels = batch => GpuReference.Kernels(card, engine, model, service with { Batch = batch }, gpus.Calibration),
            };
        }
        catch (InputException e)
        {
            return new GpuViews(
                card,
                detail,
                null,
                null,
                $"{(e.Message.StartsWith(card.Name + ": ", StringComparison.Ordinal) ? e.Message[(card.Name.Length + 2)..] : e.Message)}"
                    + $" (--gpu-cards, or {name.Split(':')[0]}:{engine.Name}:{service.WeightFormat}:CARDS)"
            );
        }
    }

    /// <summary>Card, engine and service of a GPU's name, and its words for people.</summary>
    internal static (GpuCard Card, GpuEngine Engine, GpuService Service, string Detail) Parse(
        GpuLibrary gpus,
        string name,
        int input,
        int output
    )
    {
        var parts = name.Split(':');
        if (parts[^1].Length == 0)
            throw BadName(name);
        var card = gpus.Card(parts[0]);
        var engine = gpus.Engine(parts.Length > 1 && parts[1].Length > 0 ? parts[1] : card.Engine);
        var format =
            parts.Length > 2 && parts[2].Length > 0 ? WeightFormat.Named(parts[2]).Name
            : engine.UsualWeights.Length > 0 ? engine.UsualWeights
            : card.Fp8Tflops is null ? "bf16"
            : "fp8";
        var cards =
            parts.Length < 4 ? 1
            : parts.Length == 4
            && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is >= 1 and <= MostCards
                ? count
            : throw BadName(name);
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
        return (card, engine, service, detail);
    }

    private static InputException BadName(string name) =>
        new($"GPU '{name}': write NAME, NAME:ENGINE, NAME:ENGINE:WEIGHTS or NAME:ENGINE:WEIGHTS:CARDS with 1…{MostCards} cards");
}
