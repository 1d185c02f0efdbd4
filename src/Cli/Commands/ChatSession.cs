using System.Text;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;
using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Commands;

/// <summary>
/// A conversation on the terminal: a line is a turn, a line that begins with / is a command. Ctrl-C stops an answer; again, or without an
/// answer twice, it leaves.
/// </summary>
internal sealed class ChatSession
{
    private const string Help = """
        /regen      answer the last message again
        /save FILE  write the conversation (.json: messages; else Markdown)
        /clear      begin again
        /exit       leave (also /quit, Ctrl-D)
        A line that ends with \ continues in the next one; // begins a message with /.
        """;

    private readonly SimulatedHost _machine;
    private readonly GenerationRequest _request;
    private readonly Func<IReadOnlyList<ChatMessage>, string> _render;
    private readonly IReadOnlyList<ChatMessage> _opening;
    private readonly bool _json;
    private readonly List<ChatMessage> _messages;
    private readonly List<object> _turns = [];
    private CancellationTokenSource? _answering;
    private bool _armed;

    public ChatSession(
        SimulatedHost machine,
        GenerationRequest request,
        Func<IReadOnlyList<ChatMessage>, string> render,
        IReadOnlyList<ChatMessage> opening,
        bool json
    )
    {
        (_machine, _request, _render, _opening, _json) = (machine, request, render, opening, json);
        _messages = [.. opening];
    }

    /// <summary>Talks until the user leaves.</summary>
    /// <param name="first">First message; null asks for it.</param>
    /// <param name="cancel">Ends the conversation.</param>
    public int Run(string? first, CancellationToken cancel)
    {
        using var conversation = new Conversation(_machine, _request);
        using var diverted = Interruption.Divert(TakeInterrupt);
        using var input = Input();
        if (!Console.IsInputRedirected && !_json)
            Console.Error.WriteLine(
                Style.Faint($"{_machine.Chip.Model.Name} on {_machine.Chip.Fabric.Name}; /help lists commands, Ctrl-C stops an answer")
            );
        for (var line = first ?? Read(input); line is not null; line = Read(input))
        {
            cancel.ThrowIfCancellationRequested();
            _armed = false;
            try
            {
                if (!Take(line, conversation, cancel))
                    break;
            }
            catch (InputException e) when (!Console.IsInputRedirected)
            {
                // What cannot be answered or saved leaves the conversation as it was.
                Console.Error.WriteLine($"{Style.Fault("taalas:")} {NameGate.Visible(e.Message)}");
            }
        }

        _machine.AwaitCheck(cancel);
        if (_json)
            Json.Write(new { Turns = _turns, Messages = _messages.Select(m => new { m.Role, m.Content }) });
        return ExitCode.Done;
    }

    // False to leave.
    private bool Take(string line, Conversation conversation, CancellationToken cancel)
    {
        if (line.Trim().Length == 0)
            return true;
        if (line.StartsWith('/') && !line.StartsWith("//", StringComparison.Ordinal))
            return Command(line.Trim(), conversation, cancel);
        _messages.Add(new ChatMessage("user", line.StartsWith('/') ? line[1..] : line));
        Answer(conversation, cancel);
        return true;
    }

    private bool Command(string line, Conversation conversation, CancellationToken cancel)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var (name, rest) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..].Trim());
        switch (name)
        {
            case "/exit" or "/quit":
                return false;
            case "/help":
                Say(Help);
                break;
            case "/clear":
                _messages.Clear();
                _messages.AddRange(_opening);
                Say("a new conversation");
                break;
            case "/regen":
                if (_messages.Count > 0 && _messages[^1].Role == "assistant")
                    _messages.RemoveAt(_messages.Count - 1);
                if (_messages.Count == 0 || _messages[^1].Role != "user")
                    throw new InputException("/regen: nothing was asked yet");
                Answer(conversation, cancel);
                break;
            case "/save":
                Save(rest);
                break;
            default:
                var known = (string[])["/help", "/regen", "/save", "/clear", "/exit", "/quit"];
                throw new InputException($"unknown command '{name}'{NearestName.Hint(name, known)}; /help lists commands");
        }

        return true;
    }

    private void Answer(Conversation conversation, CancellationToken cancel)
    {
        using var stop = new CancellationTokenSource();
        var decoder = new StreamingDecoder(_machine.Tokenizer);
        var text = new StringBuilder();
        ConversationTurn turn;
        try
        {
            var prompt = ChatPrompt.Encode(_machine.Tokenizer, _render(_messages));
            _answering = stop;
            turn = conversation.Say(
                prompt,
                token =>
                {
                    if (!_machine.Tokenizer.IsEndOfGeneration(token.Id))
                        Write(text, decoder.Push(token.Id));
                },
                stop.Token,
                cancel
            );
        }
        catch (InputException)
        {
            _messages.RemoveAt(_messages.Count - 1);
            throw;
        }
        finally
        {
            _answering = null;
        }

        Write(text, decoder.Flush());
        _messages.Add(new ChatMessage("assistant", text.ToString()));
        // Cycles depend on all tokens that the answer attends to.
        var figures = RunFigures.Of(
            turn.Answer with
            {
                PromptTokens = turn.Answer.PromptTokens + turn.Reused,
            },
            _machine,
            ChipsFolder.LatencyFactor(_machine.Chip.Fabric)
        );
        if (_json)
        {
            _turns.Add(
                new
                {
                    Text = text.ToString(),
                    turn.Answer.Tokens,
                    turn.Answer.PromptTokens,
                    ReusedTokens = turn.Reused,
                    turn.Stopped,
                    Simulated = figures,
                }
            );
            return;
        }

        Console.Out.WriteLine(turn.Stopped ? " …" : "");
        figures.Write(Console.Error, turn.Answer, _machine.Backend);
    }

    private void Write(StringBuilder text, string part)
    {
        text.Append(part);
        if (!_json)
            TerminalText.WriteAnswer(part);
    }

    private void Say(string text)
    {
        if (!_json)
            Console.Error.WriteLine(Style.Faint(text));
    }

    private void Save(string path)
    {
        if (path.Length == 0)
            throw new InputException("/save: name a file, such as /save talk.md");
        var asJson = Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);
        var messages = _messages.Select(m => new { m.Role, m.Content });
        try
        {
            AtomicFile.WriteText(
                path,
                asJson
                    ? System.Text.Json.JsonSerializer.Serialize(new { Messages = messages }, Json.Options) + "\n"
                    : string.Concat(messages.Select(m => $"**{m.Role}**\n\n{m.Content}\n\n"))
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"/save {path}: cannot be written: {e.Message}", e);
        }

        Say($"{path}: {_messages.Count} messages");
    }

    private string? Read(TextReader input)
    {
        if (!Console.IsInputRedirected)
            Console.Out.Write(Style.Heading("> "));
        var text = new StringBuilder();
        while (true)
        {
            string? line;
            try
            {
                line = input.ReadLine();
            }
            catch (DecoderFallbackException e)
            {
                throw new InputException("standard input: not UTF-8 text; convert it, for example with iconv -t UTF-8", e);
            }

            if (line is null)
                return text.Length > 0 ? text.ToString() : null;
            if (!line.EndsWith('\\'))
                return text.Append(line).ToString();
            text.Append(line.AsSpan(0, line.Length - 1)).Append('\n');
        }
    }

    private static TextReader Input() =>
        Console.IsInputRedirected
            ? new StreamReader(
                Console.OpenStandardInput(),
                new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
                detectEncodingFromByteOrderMarks: false
            )
            : Console.In;

    // On the thread of signals.
    private bool TakeInterrupt()
    {
        if (_answering is { } answering)
        {
            _armed = true;
            answering.Cancel();
            return true;
        }

        if (_armed)
            return false;
        _armed = true;
        Console.Error.WriteLine(Style.Faint("\nCtrl-C again, or /exit, leaves"));
        return true;
    }
}
