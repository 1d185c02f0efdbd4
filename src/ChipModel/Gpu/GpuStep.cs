namespace TaalasSim.ChipModel.Gpu;

/// <summary>Time of one step by cause, in seconds on one card.</summary>
public sealed record GpuStep
{
    /// <summary>Reading weights, had it the card to itself.</summary>
    public required double Stream { get; init; }

    /// <summary>Multiplying by weights, had it the card to itself.</summary>
    public required double Matrix { get; init; }

    /// <summary>Both, as far as they overlap.</summary>
    public required double Weights { get; init; }

    /// <summary>Reading keys and values of running sequences.</summary>
    public required double Kv { get; init; }

    /// <summary>Attention of prompt tokens.</summary>
    public required double PromptAttention { get; init; }

    /// <summary>Fixed time of layers and matrix kernels.</summary>
    public required double Layers { get; init; }

    /// <summary>All-reduces between cards, and hand-overs.</summary>
    public required double Collectives { get; init; }

    /// <summary>Engine work per sequence and per prompt.</summary>
    public required double Engine { get; init; }

    /// <summary>Shortest step the host can launch.</summary>
    public required double LaunchFloor { get; init; }

    /// <summary>The whole step.</summary>
    public double Total => Math.Max(LaunchFloor, Device);

    private double Device => Weights + Kv + PromptAttention + Layers + Collectives + Engine;

    /// <summary>The largest cause by name.</summary>
    public string Limit
    {
        get
        {
            var parts = new (string Name, double Time)[]
            {
                (Stream >= Matrix ? "weight bandwidth" : "matrix rate", Weights),
                ("key/value bandwidth", Kv),
                ("prompt attention", PromptAttention),
                ("layer overhead", Layers),
                ("collectives", Collectives),
                ("engine work per sequence", Engine),
            };
            return LaunchFloor > Device ? "kernel launches" : parts.MaxBy(p => p.Time).Name;
        }
    }
}
