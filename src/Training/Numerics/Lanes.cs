using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Training.Numerics;

/// <summary>
/// Vector operations for either element type: <see cref="float"/> trains, <see cref="double"/> runs the same code in the derivative checks.
/// Always 64 bytes wide, whatever the processor offers, so that sums are taken in the same order everywhere.
/// </summary>
internal static class Lanes
{
    /// <summary>x·y + z with one rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd<T>(Vector512<T> x, Vector512<T> y, Vector512<T> z)
        where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>()
            : Vector512.FusedMultiplyAdd(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();

    /// <summary>e^x of each element, in place.</summary>
    public static void Exp<T>(Span<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var i = 0;
        for (; i <= x.Length - Vector512<T>.Count; i += Vector512<T>.Count)
        {
            var v = Vector512.Create<T>(x[i..]);
            v = typeof(T) == typeof(float) ? Vector512.Exp(v.AsSingle()).As<float, T>() : Vector512.Exp(v.AsDouble()).As<double, T>();
            v.CopyTo(x[i..]);
        }
        for (; i < x.Length; i++)
            x[i] = T.Exp(x[i]);
    }

    /// <summary>Σ xᵢ·yᵢ over spans of one length.</summary>
    public static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sums = Vector512<T>.Zero;
        var i = 0;
        for (; i <= x.Length - Vector512<T>.Count; i += Vector512<T>.Count)
            sums = MultiplyAdd(Vector512.Create(x[i..]), Vector512.Create(y[i..]), sums);
        var sum = Vector512.Sum(sums);
        for (; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary>y += x over spans of one length.</summary>
    public static void Add<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var i = 0;
        for (; i <= x.Length - Vector512<T>.Count; i += Vector512<T>.Count)
            (Vector512.Create(x[i..]) + Vector512.Create((ReadOnlySpan<T>)y[i..])).CopyTo(y[i..]);
        for (; i < x.Length; i++)
            y[i] += x[i];
    }
}
