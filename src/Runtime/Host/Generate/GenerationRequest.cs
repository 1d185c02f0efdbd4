using TaalasSim.Runtime.Decode;

namespace TaalasSim.Runtime.Host.Generate;

/// <summary>How much to generate and how to sample.</summary>
public sealed record GenerationRequest
{
    /// <summary>Maximum number of new tokens; 0 evaluates only the prompt, −1 continues to the end of the context.</summary>
    public required int MaximumTokens { get; init; }

    /// <summary>Sampler on the device.</summary>
    public required SamplerSettings Sampler { get; init; }

    /// <summary>Continue after an end-of-generation token.</summary>
    public bool IgnoreEndOfGeneration { get; init; }

    /// <summary>Simulated time that one command may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);
}
