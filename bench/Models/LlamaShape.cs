namespace TaalasSim.Bench.Models;

/// <summary>Sizes of a Llama model with grouped-query attention and heads of 64.</summary>
/// <param name="Name">Short name, used on the command line and in file names.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="Width">Residual width.</param>
/// <param name="Heads">Query heads; <paramref name="Width"/> ÷ heads is the head size.</param>
/// <param name="KvHeads">Key and value heads.</param>
/// <param name="FeedForward">Width of gate and up.</param>
/// <param name="Vocabulary">Tokens.</param>
/// <param name="Context">Context that the metadata state.</param>
/// <param name="Dies">Dies of the hc1 fabric that hold it in Q8_0.</param>
internal sealed record LlamaShape(
    string Name,
    int Layers,
    int Width,
    int Heads,
    int KvHeads,
    int FeedForward,
    int Vocabulary,
    int Context,
    int Dies
)
{
    /// <summary>The model of the speed figures: 125 M parameters.</summary>
    public static LlamaShape Small { get; } = new("small", 12, 768, 12, 4, 2048, 32_000, 2048, 1);

    /// <summary>1.1 G parameters: 1.2 GB in Q8_0.</summary>
    public static LlamaShape Medium { get; } = new("medium", 22, 2048, 32, 4, 5632, 32_000, 2048, 1);

    /// <summary>4.7 G parameters: 5.0 GB in Q8_0.</summary>
    public static LlamaShape Large { get; } = new("large", 24, 4096, 64, 16, 11_776, 32_000, 2048, 2);

    /// <summary>A mixture of 16 experts of which a token takes two: 275 M parameters, 82 M of them for each token.</summary>
    public static LlamaShape Mixture { get; } = new("mixture", 8, 768, 12, 4, 768, 32_000, 2048, 1) { Experts = 16, ExpertsUsed = 2 };

    public static IReadOnlyList<LlamaShape> All { get; } = [Small, Medium, Large, Mixture];

    /// <summary>Experts of each layer; 0 for a dense model.</summary>
    public int Experts { get; init; }

    /// <summary>Experts that a token takes.</summary>
    public int ExpertsUsed { get; init; }

    public int KvWidth => Width / Heads * KvHeads;
}
