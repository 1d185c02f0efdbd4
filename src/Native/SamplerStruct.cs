using System.Runtime.InteropServices;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Native;

/// <summary><c>taalas_sampler</c> of <c>taalas.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SamplerStruct
{
    public float Temperature;
    public uint TopK;
    public float TopP;
    public float MinP;
    public float RepeatPenalty;
    public float FrequencyPenalty;
    public float PresencePenalty;
    public uint LastN;
    public ulong Seed;

    /// <summary>The same for the driver.</summary>
    /// <exception cref="LibraryException">A number is not finite.</exception>
    public readonly SamplerSettings ToSettings()
    {
        ReadOnlySpan<float> numbers = [Temperature, TopP, MinP, RepeatPenalty, FrequencyPenalty, PresencePenalty];
        foreach (var number in numbers)
            if (!float.IsFinite(number))
                throw new LibraryException(LibraryStatus.BadArgument, "a number of the sampler is not finite");
        return new SamplerSettings
        {
            Temperature = Temperature,
            TopK = TopK,
            TopP = TopP,
            MinP = MinP,
            RepeatPenalty = RepeatPenalty,
            FrequencyPenalty = FrequencyPenalty,
            PresencePenalty = PresencePenalty,
            LastN = LastN,
            Seed = Seed,
        };
    }
}
