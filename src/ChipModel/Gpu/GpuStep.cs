namespace TaalasSim.ChipModel.Gpu;

/// <summary>Time of one step by cause, in seconds on one card, and what it moves and multiplies.</summary>
public sealed record GpuStep
{
    /// <summary>Matrix products of the layers and of the output, starts included.</summary>
    public required double Matrices { get; init; }

    /// <summary>Share of <see cref="Matrices"/> that reading weights takes at the memory's rate.</summary>
    public required double Stream { get; init; }

    /// <summary>Share of <see cref="Matrices"/> that multiplying takes at the matrix units' rate.</summary>
    public required double Matrix { get; init; }

    /// <summary>Grouped products of routed experts, with routing.</summary>
    public required double Experts { get; init; }

    /// <summary>Of <see cref="Experts"/>, products whose weights are widened on the way.</summary>
    public required double Widened { get; init; }

    /// <summary>Attention of running sequences: reading keys and values.</summary>
    public required double Kv { get; init; }

    /// <summary>Attention of prompt tokens.</summary>
    public required double PromptAttention { get; init; }

    /// <summary>Norms, rotary embedding, activations, quantising: fixed time and traffic.</summary>
    public required double Layers { get; init; }

    /// <summary>All-reduces between cards, their skew, and hand-overs.</summary>
    public required double Collectives { get; init; }

    /// <summary>Host work that the device waits for, per step and per sequence.</summary>
    public required double Engine { get; init; }

    /// <summary>Shortest step the host can launch.</summary>
    public required double LaunchFloor { get; init; }

    /// <summary>Bytes that one card moves between memory and chip.</summary>
    public required double Bytes { get; init; }

    /// <summary>Of these, keys and values.</summary>
    public required double KvBytes { get; init; }

    /// <summary>Operations of one card's matrix units in units of its 16-bit rate, seconds at full rate.</summary>
    public required double MatrixSeconds { get; init; }

    /// <summary>The whole step.</summary>
    public double Total => Math.Max(LaunchFloor, Device);

    private double Device => Matrices + Experts + Kv + PromptAttention + Layers + Collectives + Engine;

    /// <summary>The largest cause by name.</summary>
    public string Limit
    {
        get
        {
            var parts = new (string Name, double Time)[]
            {
                (Stream >= Matrix ? "weight bandwidth" : "matrix rate", Matrices),
                ("experts", Experts),
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
