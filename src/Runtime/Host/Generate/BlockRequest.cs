namespace TaalasSim.Runtime.Host.Generate;

/// <summary>How a diffusion model fills blocks behind a prompt (CDLM, arXiv:2511.19269).</summary>
public sealed record BlockRequest
{
    /// <summary>Positions to fill, at least 1; whole blocks are computed.</summary>
    public required int Tokens { get; init; }

    /// <summary>Positions of a block.</summary>
    public required int Block { get; init; }

    /// <summary>A step reveals what reaches this confidence, and at least one position.</summary>
    public required float Threshold { get; init; }

    /// <summary>Prompt tokens see only those before them, instead of one another.</summary>
    public bool CausalPrompt { get; init; }

    /// <summary>Tokens that end the answer; the block that holds one is the last.</summary>
    public IReadOnlyList<int> Stops { get; init; } = [];

    /// <summary>Stop inside a block once a stop token is revealed and nothing before it is masked.</summary>
    public bool StopsEarly { get; init; }

    /// <summary>0 takes the most likely token of a position.</summary>
    public float Temperature { get; init; }

    /// <summary>Seed of the draws at a temperature above 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Simulated time that one command may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);
}
