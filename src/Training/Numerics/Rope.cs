using System.Numerics;

namespace TaalasSim.Training.Numerics;

/// <summary>
/// Rotary position embedding (Su et al., 2021, eq. 34) in llama.cpp's NORM pairing: elements 2i and 2i + 1 of a head turn by
/// position · base^(−2i / headSize).
/// </summary>
public sealed class Rope<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _headSize;
    private readonly T[] _cosines;
    private readonly T[] _sines;

    /// <summary>Tables for positions 0 to <paramref name="positions"/> − 1.</summary>
    public Rope(int headSize, int positions, double frequencyBase)
    {
        _headSize = headSize;
        var half = headSize / 2;
        _cosines = new T[positions * half];
        _sines = new T[positions * half];
        for (var p = 0; p < positions; p++)
        {
            for (var i = 0; i < half; i++)
            {
                var angle = p * Math.Pow(frequencyBase, -2.0 * i / headSize);
                _cosines[(p * half) + i] = T.CreateTruncating(Math.Cos(angle));
                _sines[(p * half) + i] = T.CreateTruncating(Math.Sin(angle));
            }
        }
    }

    /// <summary>Turns the heads of tokens in place.</summary>
    /// <param name="x">Tokens in order, each a whole number of heads.</param>
    /// <param name="tokenWidth">Elements of one token.</param>
    /// <param name="length">Tokens of a sequence; token i is at position i mod length.</param>
    public void Forward(Span<T> x, int tokenWidth, int length) => Turn(x, tokenWidth, length, T.One);

    /// <summary>Turns derivatives back: a rotation's transpose is its inverse.</summary>
    public void Backward(Span<T> dx, int tokenWidth, int length) => Turn(dx, tokenWidth, length, -T.One);

    private void Turn(Span<T> x, int tokenWidth, int length, T sign)
    {
        var half = _headSize / 2;
        for (var token = 0; token * tokenWidth < x.Length; token++)
        {
            var cosines = _cosines.AsSpan(token % length * half, half);
            var sines = _sines.AsSpan(token % length * half, half);
            for (var head = 0; head < tokenWidth; head += _headSize)
            {
                var pairs = x.Slice((token * tokenWidth) + head, _headSize);
                for (var i = 0; i < half; i++)
                {
                    var (even, odd) = (pairs[2 * i], pairs[(2 * i) + 1]);
                    pairs[2 * i] = (even * cosines[i]) - (odd * sign * sines[i]);
                    pairs[(2 * i) + 1] = (even * sign * sines[i]) + (odd * cosines[i]);
                }
            }
        }
    }
}
