using System.Numerics;
using TaalasSim.Training.Numerics;

namespace TaalasSim.Training.Model;

/// <summary>
/// The Llama decoder and its derivative for batches of one fixed shape: embedding; for each layer x += attention(norm(x)) and
/// x += feedForward(norm(x)); norm; output. Holds its working arrays, so one object serves one caller at a time.
/// </summary>
public sealed class Transformer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ParameterLayout _layout;
    private readonly ModelShape _shape;
    private readonly int _tokens;
    private readonly int _length;
    private readonly T _epsilon;
    private readonly Rope<T> _rope;
    private readonly CausalAttention _attention;
    private readonly Activations<T>[] _layers;
    private readonly T[] _last;
    private readonly T[] _lastNormed;
    private readonly T[] _lastScales;
    private readonly T[] _logits;
    private readonly T[] _dStream;
    private readonly T[] _dNormed;
    private readonly T[] _dAttended;
    private readonly T[] _dQuery;
    private readonly T[] _dKey;
    private readonly T[] _dValue;
    private readonly T[] _dGated;
    private readonly T[] _dGate;
    private readonly T[] _dUp;
    private readonly T[] _scratch;

    /// <summary>A model for batches of <paramref name="sequences"/> × <paramref name="length"/> tokens.</summary>
    public Transformer(ParameterLayout layout, int sequences, int length)
    {
        _layout = layout;
        _shape = layout.Shape;
        _length = length;
        _tokens = sequences * length;
        _epsilon = T.CreateChecked(_shape.NormEpsilon);
        _rope = new Rope<T>(_shape.HeadSize, length, _shape.RopeBase);
        _attention = new CausalAttention(_shape.Heads, _shape.KeyHeads, _shape.HeadSize, length);
        var probabilities = sequences * _attention.ProbabilitiesPerSequence;
        _layers = [.. layout.Layers.Select(_ => new Activations<T>(_shape, _tokens, probabilities))];
        _last = new T[_tokens * _shape.Width];
        _lastNormed = new T[_last.Length];
        _lastScales = new T[_tokens];
        _logits = new T[_tokens * _shape.Vocabulary];
        _dStream = new T[_last.Length];
        _dNormed = new T[_last.Length];
        _dAttended = new T[_last.Length];
        _dQuery = new T[_last.Length];
        _dKey = new T[_tokens * _shape.KeyWidth];
        _dValue = new T[_dKey.Length];
        _dGated = new T[_tokens * _shape.FeedForward];
        _dGate = new T[_dGated.Length];
        _dUp = new T[_dGated.Length];
        _scratch = new T[64 * length];
    }

    /// <summary>Logits of the next token after each token.</summary>
    /// <param name="parameters">Laid out as the constructor's layout says.</param>
    /// <param name="tokens">Sequences × length ids.</param>
    /// <returns>Tokens × Vocabulary; overwritten by the next call.</returns>
    public ReadOnlySpan<T> Forward(T[] parameters, ReadOnlySpan<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(tokens.Length, _tokens);
        Embedding.Forward<T>(_layout.TokenEmbedding.Of(parameters), tokens, _layers[0].Input);
        for (var i = 0; i < _layers.Length; i++)
            LayerForward(parameters, _layout.Layers[i], _layers[i], i + 1 < _layers.Length ? _layers[i + 1].Input : _last);
        RmsNorm.Forward(_last, _layout.OutputNorm.Of(parameters), _epsilon, _lastNormed, _lastScales);
        Linear.Forward(_lastNormed, _layout.Output.Of(parameters), _logits, _tokens, _shape.Width, _shape.Vocabulary);
        return _logits;
    }

    /// <summary>Mean cross entropy of the targets in nats; adds its derivatives to <paramref name="gradient"/>.</summary>
    public double LossAndGradient(T[] parameters, ReadOnlySpan<int> tokens, ReadOnlySpan<int> targets, T[] gradient)
    {
        Forward(parameters, tokens);
        var loss = CrossEntropy.LossAndGradient(_logits.AsSpan(), targets);
        Linear.Backward(
            _lastNormed,
            _layout.Output.Of(parameters),
            _logits,
            _dNormed,
            _layout.Output.Of(gradient),
            _tokens,
            _shape.Width,
            _shape.Vocabulary,
            accumulate: false
        );
        Array.Clear(_dStream);
        RmsNorm.Backward(
            _last,
            _layout.OutputNorm.Of(parameters),
            _lastScales,
            _dNormed,
            _dStream.AsSpan(),
            _layout.OutputNorm.Of(gradient)
        );
        for (var i = _layers.Length - 1; i >= 0; i--)
            LayerBackward(parameters, gradient, _layout.Layers[i], _layers[i]);
        Embedding.Backward<T>(tokens, _dStream, _layout.TokenEmbedding.Of(gradient));
        return loss;
    }

    private void LayerForward(T[] parameters, ParameterLayout.Layer layer, Activations<T> a, T[] output)
    {
        var (width, keyWidth, feedForward) = (_shape.Width, _shape.KeyWidth, _shape.FeedForward);
        RmsNorm.Forward(a.Input, layer.AttentionNorm.Of(parameters), _epsilon, a.AttentionNormed, a.AttentionScales);
        Linear.Forward(a.AttentionNormed, layer.Query.Of(parameters), a.Query, _tokens, width, width);
        Linear.Forward(a.AttentionNormed, layer.Key.Of(parameters), a.Key, _tokens, width, keyWidth);
        Linear.Forward(a.AttentionNormed, layer.Value.Of(parameters), a.Value, _tokens, width, keyWidth);
        _rope.Forward(a.Query, width, _length);
        _rope.Forward(a.Key, keyWidth, _length);
        _attention.Forward(a.Query, a.Key, a.Value, a.Probabilities.AsSpan(), a.Attended);
        Linear.Forward(a.Attended, layer.AttentionOutput.Of(parameters), a.Middle, _tokens, width, width);
        Lanes.Add(a.Input, a.Middle.AsSpan());

        RmsNorm.Forward(a.Middle, layer.FeedForwardNorm.Of(parameters), _epsilon, a.FeedForwardNormed, a.FeedForwardScales);
        Linear.Forward(a.FeedForwardNormed, layer.Gate.Of(parameters), a.Gate, _tokens, width, feedForward);
        Linear.Forward(a.FeedForwardNormed, layer.Up.Of(parameters), a.Up, _tokens, width, feedForward);
        SwiGlu.Forward(a.Gate, a.Up, a.Sigmoid, a.Gated.AsSpan());
        Linear.Forward(a.Gated, layer.Down.Of(parameters), output, _tokens, feedForward, width);
        Lanes.Add(a.Middle, output.AsSpan());
    }

    /// <summary>Turns the derivative by the layer's output, in <see cref="_dStream"/>, into that by its input.</summary>
    private void LayerBackward(T[] parameters, T[] gradient, ParameterLayout.Layer layer, Activations<T> a)
    {
        var (width, keyWidth, feedForward) = (_shape.Width, _shape.KeyWidth, _shape.FeedForward);
        Back(layer.Down, a.Gated, _dStream, _dGated, feedForward, width);
        SwiGlu.Backward(a.Gate, a.Up, a.Sigmoid, _dGated, _dGate, _dUp.AsSpan());
        Back(layer.Gate, a.FeedForwardNormed, _dGate, _dNormed, width, feedForward);
        Back(layer.Up, a.FeedForwardNormed, _dUp, _dNormed, width, feedForward, accumulate: true);
        RmsNorm.Backward(
            a.Middle,
            layer.FeedForwardNorm.Of(parameters),
            a.FeedForwardScales,
            _dNormed,
            _dStream.AsSpan(),
            layer.FeedForwardNorm.Of(gradient)
        );

        Back(layer.AttentionOutput, a.Attended, _dStream, _dAttended, width, width);
        Array.Clear(_dKey);
        Array.Clear(_dValue);
        _attention.Backward(a.Query, a.Key, a.Value, a.Probabilities, _dAttended, _dQuery, _dKey, _dValue, _scratch.AsSpan());
        _rope.Backward(_dQuery, width, _length);
        _rope.Backward(_dKey, keyWidth, _length);
        Back(layer.Query, a.AttentionNormed, _dQuery, _dNormed, width, width);
        Back(layer.Key, a.AttentionNormed, _dKey, _dNormed, width, keyWidth, accumulate: true);
        Back(layer.Value, a.AttentionNormed, _dValue, _dNormed, width, keyWidth, accumulate: true);
        RmsNorm.Backward(
            a.Input,
            layer.AttentionNorm.Of(parameters),
            a.AttentionScales,
            _dNormed,
            _dStream.AsSpan(),
            layer.AttentionNorm.Of(gradient)
        );

        void Back(ParameterBlock weight, T[] x, T[] dy, T[] dx, int inputs, int outputs, bool accumulate = false) =>
            Linear.Backward(x, weight.Of(parameters), dy, dx, weight.Of(gradient), _tokens, inputs, outputs, accumulate);
    }
}
