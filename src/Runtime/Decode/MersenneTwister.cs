namespace TaalasSim.Runtime.Decode;

/// <summary>MT19937 (Matsumoto and Nishimura 1998), the generator that llama.cpp samples with, so that a seed means the same there and
/// here.</summary>
public sealed class MersenneTwister
{
    private const int N = 624;
    private const int M = 397;

    private readonly uint[] _state = new uint[N];
    private int _next = N;

    /// <summary>Seeds the generator as std::mt19937 does.</summary>
    public MersenneTwister(uint seed)
    {
        _state[0] = seed;
        for (uint i = 1; i < N; i++)
            _state[i] = (1812433253u * (_state[i - 1] ^ (_state[i - 1] >> 30))) + i;
    }

    /// <summary>The next 32 bits.</summary>
    public uint NextUInt32()
    {
        if (_next == N)
            Twist();
        var y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680u;
        y ^= (y << 15) & 0xefc60000u;
        return y ^ (y >> 18);
    }

    /// <summary>A number in [0, 1) from two draws: (r0 + r1·2³²) / 2⁶⁴, as libstdc++'s generate_canonical.</summary>
    public double NextDouble()
    {
        double low = NextUInt32(),
            high = NextUInt32();
        var u = (low + (high * 4294967296.0)) / 18446744073709551616.0;
        return u < 1 ? u : double.BitDecrement(1);
    }

    /// <summary>A number in [0, 1) from one draw, as libstdc++'s generate_canonical of float.</summary>
    public float NextSingle()
    {
        var u = NextUInt32() / 4294967296f;
        return u < 1 ? u : MathF.BitDecrement(1);
    }

    private void Twist()
    {
        for (var i = 0; i < N; i++)
        {
            var y = (_state[i] & 0x80000000u) | (_state[(i + 1) % N] & 0x7fffffffu);
            _state[i] = _state[(i + M) % N] ^ (y >> 1) ^ ((y & 1) * 0x9908b0dfu);
        }

        _next = 0;
    }
}
