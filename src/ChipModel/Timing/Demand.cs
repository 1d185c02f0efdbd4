namespace TaalasSim.ChipModel.Timing;

/// <summary>What a phase asks of one resource: items at a rate per cycle, some for each position that attention looks back on.</summary>
public sealed record Demand
{
    private readonly int[] _alternatives = [];

    /// <summary>The unit that serves the items; a phase waits while another one has it.</summary>
    public required Resource Resource { get; init; }

    /// <summary>Items whatever the context: rows, elements or bits, as the unit counts them.</summary>
    public double Items { get; init; }

    /// <summary>Further items for each attended position.</summary>
    public double ItemsPerPosition { get; init; }

    /// <summary>Items served per cycle, above 0.</summary>
    public required double ItemsPerCycle { get; init; }

    /// <summary>Bits that one item moves.</summary>
    public required double BitsPerItem { get; init; }

    /// <summary>Most positions that are attended (sliding window); 0 for all.</summary>
    public int Window { get; init; }

    /// <summary>Matrices of which <see cref="Used"/> are chosen per token (routed experts); empty when <see cref="Resource"/> is always
    /// used.</summary>
    public IReadOnlyList<int> Alternatives
    {
        get => _alternatives;
        init => _alternatives = [.. value];
    }

    /// <summary>How many of the alternatives one token uses, side by side.</summary>
    public int Used { get; init; } = 1;

    /// <summary>Mean part of tokens that use any one alternative.</summary>
    public double Share => _alternatives.Length == 0 ? 1 : (double)Used / _alternatives.Length;

    /// <summary>Items for a token that attends to <paramref name="positions"/> positions, itself included.</summary>
    public double ItemsAt(double positions) => Items + (ItemsPerPosition * (Window > 0 ? Math.Min(positions, Window) : positions));

    /// <summary>Cycles that the resource is taken: items over items per cycle, rounded up.</summary>
    public double Cycles(double positions) => Math.Ceiling(ItemsAt(positions) / ItemsPerCycle);

    /// <summary>Bits moved for one token, over all used alternatives.</summary>
    public double Bits(double positions) => ItemsAt(positions) * BitsPerItem * (_alternatives.Length == 0 ? 1 : Used);
}
