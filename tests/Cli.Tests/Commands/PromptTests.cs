using System.Diagnostics;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>Where <c>run</c> takes its prompt from, and conversations of several turns.</summary>
[Category("Smoke")]
public sealed class PromptTests
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    [Test]
    public void A_prompt_from_a_file_or_standard_input_equals_one_from_the_command_line()
    {
        var file = Path.Combine(TemporaryFolder.New(), "prompt.txt");
        File.WriteAllText(file, "Once upon a time\n");
        var expected = Tokens(Run("", "-p", "Once upon a time"));
        Assert.Multiple(() =>
        {
            Assert.That(Tokens(Run("", "-f", file)), Is.EqualTo(expected));
            Assert.That(Tokens(Run("Once upon a time\n", "-p", "-")), Is.EqualTo(expected));
            Assert.That(Tokens(Run("Once upon a time", "-f", "-")), Is.EqualTo(expected));
        });
    }

    [Test]
    public void Bytes_that_are_no_text_are_refused_with_their_place()
    {
        var file = Path.Combine(TemporaryFolder.New(), "bytes.txt");
        File.WriteAllBytes(file, [.. "ab\ncd"u8, 0xC3, .. "x"u8]);
        var (code, _, error) = Run("", "-f", file);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error, Does.Contain("byte 5 (0xc3, line 2) is not UTF-8"));
        });
    }

    [TestCase("1,,2")]
    [TestCase("1,2,")]
    [TestCase("")]
    [TestCase("1;2")]
    [TestCase("-1")]
    [TestCase("1.0")]
    [TestCase("99999")]
    public void A_list_of_token_ids_has_an_id_at_every_place(string list)
    {
        var (code, output, error) = Run("", "--prompt-ids", list);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(output, Is.Empty);
            Assert.That(error, Does.Contain("is not a token id below 768"));
        });
    }

    [Test]
    public void Minus_one_goes_on_to_the_end_of_the_context()
    {
        var answer = Document(Run("", "-p", "Once", "-n", "-1", "--ignore-eos", "--context", "40"));
        // The last token is sampled, but takes no place.
        Assert.That(answer.GetProperty("tokens").GetArrayLength(), Is.EqualTo(40 + 1 - answer.GetProperty("prompt_tokens").GetInt32()));
    }

    [Test]
    public void A_single_token_has_no_rate()
    {
        var (code, _, error) = Start("", "run", Taalas.StoriesChip, "-p", "Once", "-n", "1", "--greedy");
        var json = Document(Run("", "-p", "Once", "-n", "1")).GetProperty("simulated");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(error, Does.Not.Contain("cycles/token").And.Not.Match(@"simulated  0"));
            foreach (var key in (string[])["tokens_per_second_user", "us_per_token", "cycles_per_token"])
                Assert.That(json.GetProperty(key).ValueKind, Is.EqualTo(JsonValueKind.Null), key);
            Assert.That(json.GetProperty("time_to_first_token_us").GetDouble(), Is.Positive);
        });
    }

    [Test]
    public void A_conversation_keeps_what_the_chip_has_read()
    {
        var turns = Talk("Once upon a time\nThe cat\n/exit\n").GetProperty("turns").EnumerateArray().ToArray();
        // A whole conversation as one prompt gives the second answer, too.
        var whole = Talk("The cat\n").GetProperty("messages");
        Assert.Multiple(() =>
        {
            Assert.That(turns, Has.Length.EqualTo(2));
            Assert.That(turns[0].GetProperty("reused_tokens").GetInt32(), Is.Zero);
            Assert.That(
                turns[1].GetProperty("reused_tokens").GetInt32(),
                Is.GreaterThanOrEqualTo(turns[0].GetProperty("prompt_tokens").GetInt32())
            );
            Assert.That(whole.GetArrayLength(), Is.EqualTo(2));
        });
    }

    [Test]
    public void Keys_and_values_kept_give_the_tokens_of_the_whole_prompt()
    {
        var talk = Talk("Once upon a time\nThe cat\n");
        var messages = talk.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()!).ToArray();
        // ChatML, which a model without a template is given.
        var prompt =
            $"<|im_start|>user\n{messages[0]}<|im_end|>\n<|im_start|>assistant\n{messages[1]}<|im_end|>\n"
            + $"<|im_start|>user\n{messages[2]}<|im_end|>\n<|im_start|>assistant\n";
        Assert.That(
            Tokens(Run("", "-p", prompt, "-n", "8")),
            Is.EqualTo(talk.GetProperty("turns")[1].GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32()))
        );
    }

    [Test]
    public void Commands_of_a_conversation_answer_again_save_and_begin_anew()
    {
        var file = Path.Combine(TemporaryFolder.New(), "talk.json");
        var talk = Talk($"Once upon a time\n/regen\n/save {file}\n/clear\nThe\\\ncat\n");
        var saved = JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("messages");
        var turns = talk.GetProperty("turns").EnumerateArray().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(turns, Has.Length.EqualTo(3));
            Assert.That(turns[1].GetProperty("tokens").ToString(), Is.EqualTo(turns[0].GetProperty("tokens").ToString()), "greedy");
            Assert.That(turns[1].GetProperty("prompt_tokens").GetInt32(), Is.EqualTo(1), "the last token is read again");
            Assert.That(saved.GetArrayLength(), Is.EqualTo(2));
            Assert.That(talk.GetProperty("messages")[0].GetProperty("content").GetString(), Is.EqualTo("The\ncat"));
        });
    }

    [TestCase("/foo\n", "unknown command '/foo'")]
    [TestCase("/regen\n", "nothing was asked yet")]
    [TestCase("/save\n", "name a file")]
    [TestCase("/save /dev/null/x\n", "cannot be written")]
    public void A_command_that_cannot_be_done_is_refused(string input, string message)
    {
        var (code, _, error) = Run(input, "--interactive");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error, Does.Contain(message));
        });
    }

    private static JsonElement Talk(string input) => Document(Run(input, "--interactive", "-n", "8"));

    private static JsonElement Document((int Code, string Output, string Error) result)
    {
        Assert.That(result.Code, Is.Zero, result.Error);
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }

    private static int[] Tokens((int Code, string Output, string Error) result) =>
        [.. Document(result).GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())];

    private static (int Code, string Output, string Error) Run(string input, params string[] options) =>
        Start(input, ["run", Taalas.StoriesChip, "--greedy", "--json", .. options.Contains("-n") ? options : ["-n", "6", .. options]]);

    private static (int Code, string Output, string Error) Start(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            WorkingDirectory = Shared.Root,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "taalas-cli.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(string.Join(' ', arguments));
        }

        return (process.ExitCode, output, error.Result);
    }
}
