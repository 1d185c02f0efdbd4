using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Runtime.Host.Campaign;

/// <summary>
/// A stream of tokens that continues after faults: a context is opened again with the tokens that came. In the end they must be those of a
/// card without faults.
/// </summary>
internal sealed class StreamSession : ICampaignSession
{
    private const int MostFailures = 40;
    private readonly CampaignCard _card;
    private readonly Random _random;
    private readonly int[] _prompt;
    private readonly int[] _expected;
    private readonly ChannelMode _mode;
    private readonly int _entries;
    private readonly string _name;
    private readonly List<int> _tokens = [];
    private Channel? _channel;
    private InferenceContext? _context;
    private IEnumerator<StreamedToken>? _stream;
    private int _failures;
    private long _lastNs;

    /// <summary>A session with a random prompt, length and channel.</summary>
    public StreamSession(CampaignCard card, int client, int number, Random random)
    {
        (_card, Client, _random, _name) = (card, client, random, $"stream {number}");
        _prompt = [.. Enumerable.Range(0, random.Next(1, 13)).Select(_ => random.Next(SequenceCore.Vocabulary))];
        _expected = SequenceCore.Answer(_prompt, random.Next(4, 41));
        _mode = random.Next(2) == 0 ? ChannelMode.Poll : ChannelMode.Interrupt;
        // A ring of four is full while others have their turn: the card stalls this channel and no other.
        _entries = 4 << random.Next(4);
    }

    /// <inheritdoc/>
    public int Client { get; }

    /// <inheritdoc/>
    public bool IsDone { get; private set; }

    /// <summary>Tokens that came.</summary>
    public int Tokens => _tokens.Count;

    /// <inheritdoc/>
    public void Step()
    {
        if (_card.IsKilled(Client) || _card.IsLost)
        {
            IsDone = true;
            return;
        }

        try
        {
            if (_stream is null)
                Begin();
            else if (_random.Next(30) == 0)
                // Leaving a stream stops the chip at the next token.
                End();
            else if (_stream.MoveNext())
                Take(_stream.Current);
            else
                End();
        }
        catch (DriverException e)
        {
            Recover(e);
        }
    }

    /// <inheritdoc/>
    public void Check()
    {
        if (!_card.IsKilled(Client) && !_card.IsLost && _tokens.Count != _expected.Length)
            _card.Violate($"{_name}: {_tokens.Count} tokens of {_expected.Length} came");
        if (_channel is { Dead: not null, InFlight: > 0 })
            _card.Violate($"{_name}: {_channel.InFlight} commands of a dead channel are unanswered");
    }

    private void Begin()
    {
        if (_card.Client(Client) is not { } handle)
            return;
        if (_channel is not { Dead: null })
            _channel = handle.CreateChannel(_entries, _mode);
        int[] text = [.. _prompt, .. _tokens];
        _context = handle.ContextOpen(_channel, text.Length + _expected.Length - _tokens.Count, SamplerSettings.Greedy);
        var all = _random.Next(3) == 0;
        _context.Prefill(text, 0, all);
        if (all)
            CheckLogits(text);
        _stream = _context.DecodeStream(_expected.Length - _tokens.Count).GetEnumerator();
    }

    private void CheckLogits(int[] text)
    {
        var row = _random.Next(text.Length);
        var logits = _context!.Logits(row);
        var expected = SequenceCore.Next(text[..(row + 1)]);
        if (logits.Sum() != 1 || logits[expected] != 1)
            _card.Violate($"{_name}: row {row} of the logits is wrong");
    }

    private void Take(StreamedToken token)
    {
        var index = _tokens.Count;
        if (index == _expected.Length)
            _card.Violate($"{_name}: a token more than the {index} that were asked for");
        else if (token.Id != _expected[index])
            _card.Violate($"{_name}: token {index} is {token.Id}, expected {_expected[index]}");
        if (token.Position != _prompt.Length + index)
            _card.Violate($"{_name}: token {index} came with position {token.Position}");
        if (token.TimeNs < _lastNs)
            _card.Violate($"{_name}: token {index} came before the one before it");
        _lastNs = token.TimeNs;
        _tokens.Add(token.Id);
        _card.Note(Client, token.Id, token.TimeNs);
        if (_card.Violations.Count > 0)
            IsDone = true;
    }

    private void End()
    {
        _stream?.Dispose();
        _stream = null;
        _context?.Dispose();
        _context = null;
        IsDone = _tokens.Count >= _expected.Length;
    }

    private void Recover(DriverException error)
    {
        _card.Note((long)error.Code, _card.Card.Clock.Now);
        _card.Recoveries++;
        if (++_failures > MostFailures)
        {
            _card.Violate($"{_name}: does not come to an end; the last fault was: {error.Message}");
            IsDone = true;
            return;
        }

        try
        {
            End();
        }
        catch (DriverException e)
        {
            _card.Note((long)e.Code);
            (_stream, _context) = (null, null);
        }

        if (error.Code is StatusCode.ThermalStop or StatusCode.PowerBreak or StatusCode.Busy or StatusCode.KvExhausted)
            _channel?.Poll([], TimeSpan.FromMilliseconds(2));
        else if (error.Code is StatusCode.DeviceReset or StatusCode.EccFatal)
            // The driver's next look at the card finds out whether it is one.
            _channel?.Poll([], TimeSpan.FromMilliseconds(150));
    }
}
