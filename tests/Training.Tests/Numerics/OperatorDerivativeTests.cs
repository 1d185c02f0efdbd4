using NUnit.Framework;
using TaalasSim.Training.Numerics;
using static TaalasSim.Training.Tests.Numerics.FiniteDifferences;

namespace TaalasSim.Training.Tests.Numerics;

[TestFixture]
[Category("Kernels")]
public class OperatorDerivativeTests
{
    [Test]
    public void Rms_norm_derivatives_match_differences()
    {
        const int Rows = 3,
            Width = 11;
        var (x, w, dy) = (Normal(Rows * Width, 1), Normal(Width, 2), Normal(Rows * Width, 3));
        var (y, scales, dx, dw) = (new double[x.Length], new double[Rows], new double[x.Length], new double[Width]);
        var f = () =>
        {
            RmsNorm.Forward(x, w, 1e-5, y, scales);
            return Dot(y, dy);
        };
        f();
        RmsNorm.Backward(x, w, scales, dy, dx.AsSpan(), dw);
        Check("x", f, x, dx);
        Check("w", f, w, dw);
    }

    [Test]
    public void Linear_derivatives_match_differences()
    {
        const int Rows = 5,
            Inputs = 7,
            Outputs = 19;
        var (x, w, dy) = (Normal(Rows * Inputs, 1), Normal(Outputs * Inputs, 2), Normal(Rows * Outputs, 3));
        var (y, dx, dw) = (new double[dy.Length], new double[x.Length], new double[w.Length]);
        var f = () =>
        {
            Linear.Forward<double>(x, w, y, Rows, Inputs, Outputs);
            return Dot(y, dy);
        };
        Linear.Backward<double>(x, w, dy, dx, dw, Rows, Inputs, Outputs, accumulate: false);
        Check("x", f, x, dx);
        Check("w", f, w, dw);
    }

    [Test]
    public void Accumulating_linear_derivatives_add_to_what_is_there()
    {
        const int Rows = 2,
            Inputs = 3,
            Outputs = 4;
        var (x, w, dy) = (Normal(Rows * Inputs, 1), Normal(Outputs * Inputs, 2), Normal(Rows * Outputs, 3));
        var (once, twice, dw) = (new double[x.Length], new double[x.Length], new double[w.Length]);
        Linear.Backward<double>(x, w, dy, once, dw, Rows, Inputs, Outputs, accumulate: false);
        Linear.Backward<double>(x, w, dy, twice, dw, Rows, Inputs, Outputs, accumulate: true);
        Linear.Backward<double>(x, w, dy, twice, dw, Rows, Inputs, Outputs, accumulate: true);
        Assert.That(twice, Is.EqualTo(once.Select(d => 2 * d)).Within(1e-12));
    }

    [Test]
    public void Rope_derivatives_match_differences()
    {
        const int HeadSize = 6,
            TokenWidth = 12,
            Length = 3,
            Tokens = 6;
        var rope = new Rope<double>(HeadSize, Length, 10_000);
        var (x, dy) = (Normal(Tokens * TokenWidth, 1), Normal(Tokens * TokenWidth, 2));
        var f = () =>
        {
            var y = (double[])x.Clone();
            rope.Forward(y, TokenWidth, Length);
            return Dot(y, dy);
        };
        var dx = (double[])dy.Clone();
        rope.Backward(dx, TokenWidth, Length);
        Check("x", f, x, dx);
    }

    [Test]
    public void Swiglu_derivatives_match_differences()
    {
        const int Count = 21;
        var (gate, up, dy) = (Normal(Count, 1), Normal(Count, 2), Normal(Count, 3));
        var (sigmoid, y, dGate, dUp) = (new double[Count], new double[Count], new double[Count], new double[Count]);
        var f = () =>
        {
            SwiGlu.Forward(gate, up, sigmoid, y.AsSpan());
            return Dot(y, dy);
        };
        f();
        SwiGlu.Backward(gate, up, sigmoid, dy, dGate, dUp.AsSpan());
        Check("gate", f, gate, dGate);
        Check("up", f, up, dUp);
    }

    [TestCase(5)]
    [TestCase(70)] // more than one block of queries
    public void Attention_derivatives_match_differences(int length)
    {
        const int Sequences = 2,
            Heads = 4,
            KeyHeads = 2,
            HeadSize = 4;
        var attention = new CausalAttention(Heads, KeyHeads, HeadSize, length);
        var (queries, keys) = (Sequences * length * Heads * HeadSize, Sequences * length * KeyHeads * HeadSize);
        var (q, k, v, dy) = (Normal(queries, 1), Normal(keys, 2), Normal(keys, 3), Normal(queries, 4));
        var (p, y) = (new double[Sequences * attention.ProbabilitiesPerSequence], new double[queries]);
        var (dq, dk, dv) = (new double[queries], new double[keys], new double[keys]);
        var f = () =>
        {
            attention.Forward<double>(q, k, v, p, y);
            return Dot(y, dy);
        };
        f();
        attention.Backward<double>(q, k, v, p, dy, dq, dk, dv, new double[64 * length]);
        var stride = Math.Max(1, length / 2);
        Check("q", f, q, dq, stride);
        Check("k", f, k, dk, stride);
        Check("v", f, v, dv, stride);
    }

    [Test]
    public void Cross_entropy_derivatives_match_differences()
    {
        const int Vocabulary = 13;
        int[] targets = [4, CrossEntropy.Ignored, 0, 12];
        var x = Normal(targets.Length * Vocabulary, 1);
        var f = () => CrossEntropy.LossAndGradient<double>((double[])x.Clone(), targets);
        var dx = (double[])x.Clone();
        CrossEntropy.LossAndGradient<double>(dx, targets);
        Check("logits", f, x, dx);
    }

    [Test]
    public void Embedding_derivatives_match_differences()
    {
        const int Vocabulary = 5,
            Width = 9;
        int[] tokens = [3, 1, 3, 0];
        var (table, dy) = (Normal(Vocabulary * Width, 1), Normal(tokens.Length * Width, 2));
        var (y, dTable) = (new double[dy.Length], new double[table.Length]);
        var f = () =>
        {
            Embedding.Forward<double>(table, tokens, y);
            return Dot(y, dy);
        };
        Embedding.Backward<double>(tokens, dy, dTable);
        Check("table", f, table, dTable);
    }
}
