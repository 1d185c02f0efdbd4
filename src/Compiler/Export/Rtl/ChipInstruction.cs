namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>One instruction of the chip's sequencer.</summary>
public sealed record ChipInstruction
{
    /// <summary>Unit that the sequencer starts.</summary>
    public required ChipOperation Operation { get; init; }

    /// <summary>Stage of the token schedule: its index there.</summary>
    public required int Stage { get; init; }

    /// <summary>Phase of the schedule that this is; a name of its own when the schedule has none.</summary>
    public required string Phase { get; init; }

    /// <summary>For a product, the phase of its collection; else empty.</summary>
    public string CollectPhase { get; init; } = "";

    /// <summary>Region (vector cluster) that works.</summary>
    public required int Region { get; init; }

    /// <summary>Region that takes the residual stream.</summary>
    public int Target { get; init; }

    /// <summary>Order of passes through the lanes; only vector operations read it.</summary>
    public VectorKind Kind { get; init; }

    /// <summary>Steps of the vector model that this runs.</summary>
    public int FirstStep { get; init; }

    /// <inheritdoc cref="FirstStep"/>
    public int Steps { get; init; }

    /// <summary>Elements that pass the lanes, whatever the position.</summary>
    public int Elements { get; init; }

    /// <summary>Further elements for each attended position; for reads of the KV memory the passes over it.</summary>
    public int PerPosition { get; init; }

    /// <summary>Beats of sums to collect; for the KV memory the layer's index in its region.</summary>
    public int Count { get; init; }

    /// <summary>Ports that start.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>A prompt token ends here.</summary>
    public bool EndsLayers { get; init; }

    /// <summary>An answer token ends here.</summary>
    public bool EndsToken { get; init; }

    /// <summary>The instruction as a word of the program memory.</summary>
    /// <param name="ports">Ports of the chip.</param>
    public string ToHex(int ports)
    {
        var bits = new long[128 + ports];
        void Field(int at, int width, long value)
        {
            for (var i = 0; i < width; i++)
                bits[at + i] = (value >> i) & 1;
        }

        Field(0, 4, (int)Operation);
        Field(4, 1, EndsLayers ? 1 : 0);
        Field(5, 1, EndsToken ? 1 : 0);
        Field(8, 8, Region);
        Field(16, 8, Target);
        Field(24, 4, (int)Kind);
        Field(32, 16, FirstStep);
        Field(48, 16, Steps);
        Field(64, 32, Elements);
        Field(96, 16, PerPosition);
        Field(112, 16, Count);
        foreach (var port in Ports)
            Field(128 + port, 1, 1);
        return HexRows.Format(bits, 1);
    }
}
