using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>A chip or a GPU with its two service points.</summary>
public sealed record ComparedSystem
{
    /// <summary>Name for people, e.g. <c>H200</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What is served on what, e.g. <c>TensorRT-LLM, fp8 weights, 1 card</c>.</summary>
    public string Detail { get; init; } = "";

    /// <summary>One card (or group of cards) with a single user; null when it cannot serve the model.</summary>
    public required ServicePoint? OneUser { get; init; }

    /// <summary>The same with as many users as it takes; null when it cannot serve the model.</summary>
    public required ServicePoint? FullBatch { get; init; }

    /// <summary>Cards that share the model.</summary>
    public int Cards { get; init; } = 1;

    /// <summary>Silicon of all dies, mm²; null for a GPU, whose die is not described.</summary>
    public UncertaintyRange? SiliconMm2 { get; init; }

    /// <summary>Published rates of one user at the same model and lengths.</summary>
    public IReadOnlyList<PublishedBar> PublishedBars { get; init; } = [];

    /// <summary>Why a service point is missing; empty when none is.</summary>
    public string Unavailable { get; init; } = "";

    /// <summary>The service point of a view.</summary>
    public ServicePoint? At(ServiceView view) => view == ServiceView.OneUser ? OneUser : FullBatch;
}
