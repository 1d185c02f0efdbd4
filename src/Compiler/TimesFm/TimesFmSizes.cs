namespace TaalasSim.Compiler.TimesFm;

/// <summary>Sizes of a TimesFM 2.5 model. Each is a parameter of its own, although several are equal in the published model.</summary>
public sealed record TimesFmSizes
{
    /// <summary>Figures of one output point: the mean, then the quantiles 0.1 to 0.9.</summary>
    public const int Columns = 10;

    /// <summary>Column of the quantile 0.5, which is the point forecast and what the decoder reads as its next input.</summary>
    public const int MedianColumn = 5;

    /// <summary>ε of all norms.</summary>
    public const float NormEpsilon = 1e-6f;

    /// <summary>Base of the rotary angles.</summary>
    public const double RopeBase = 10000;

    /// <summary>Context limit of the published model, in points.</summary>
    public const int PublishedContextLimit = 16384;

    /// <summary>Points of an input patch.</summary>
    public required int Patch { get; init; }

    /// <summary>Points of an output patch; a multiple of <see cref="Patch"/>.</summary>
    public required int OutputPatch { get; init; }

    /// <summary>Points that the quantile head covers.</summary>
    public required int QuantileHorizon { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Width of the feed-forward layers.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Elements per head; even, divides <see cref="Width"/>.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Most points of context and horizon together.</summary>
    public int ContextLimit { get; init; } = PublishedContextLimit;

    /// <summary>Attention heads; each has its own keys and values.</summary>
    public int Heads => Width / HeadSize;

    /// <summary>Input patches that one output patch fills.</summary>
    public int PatchesPerStep => OutputPatch / Patch;

    /// <summary>Elements of a token: the values of a patch, then its mask.</summary>
    public int TokenWidth => 2 * Patch;

    /// <summary>Parameters of all tensors.</summary>
    public long Parameters => TimesFmTensors.Of(this).Sum(t => t.Elements);
}
