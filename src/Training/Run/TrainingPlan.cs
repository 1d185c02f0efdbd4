using TaalasSim.Training.Model;
using TaalasSim.Training.Optimise;

namespace TaalasSim.Training.Run;

/// <summary>Everything that decides the trained model, to the bit.</summary>
public sealed record TrainingPlan
{
    /// <summary>Seed of the first parameters and of the stories.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Steps of the optimiser.</summary>
    public int Steps { get; init; } = 3000;

    /// <summary>Sequences of a batch.</summary>
    public int Sequences { get; init; } = 8;

    /// <summary>Highest learning rate.</summary>
    public float LearningRate { get; init; } = 4e-3f;

    /// <summary>Norm to which gradients are clipped.</summary>
    public double LargestGradient { get; init; } = 1;

    /// <summary>Stories from which the tokenizer learns its merges.</summary>
    public int TokenizerStories { get; init; } = 10_000;

    /// <summary>Sizes of the model; its vocabulary is what the tokenizer is asked for.</summary>
    public ModelShape Shape { get; init; } = new() { Vocabulary = 768 };

    /// <summary>The schedule of the learning rate.</summary>
    public CosineSchedule Schedule => new(LearningRate, Math.Max(1, Math.Min(100, Steps / 10)), Steps);
}
