using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>
/// Commands that write are killed, or meet a full or broken disk, at the system calls of their writing: what was there before is there, or
/// what they write is, and never a part or nothing. <c>./test</c> takes some calls of one command, <c>./test --all</c> all calls of all
/// commands and 200 kills at random moments of each.
/// </summary>
[Category("Smoke"), NonParallelizable]
public partial class KillTests
{
    // Calls that change files, and those that open and lock them.
    private const string Calls = "mkdir,openat,write,pwrite64,fsync,flock,rename,renameat2,unlink,rmdir,ftruncate,fchmod,fallocate";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "taalas-cli.dll");

    private static IEnumerable<string> Names() => WritingCommand.All.Keys;

    [Test]
    public void A_compilation_that_is_killed_or_meets_a_full_or_broken_disk_leaves_the_old_image_or_the_new_one()
    {
        Tools.Need("strace");
        using var folder = new TemporaryFolder();
        var bench = new Bench(folder, "compile");
        var points = bench.Points();
        // One call of each kind and the last steps, where the images change places.
        var chosen = points.GroupBy(p => p.Call).Select(g => g.Last()).ToList();
        Assert.That(chosen.Select(p => p.Call), Is.SupersetOf(new[] { "mkdir", "pwrite64", "fsync", "renameat2", "unlink", "rmdir" }));
        foreach (var point in chosen)
            bench.Try(point, "signal=KILL");
        foreach (var point in chosen.Where(p => p.Call is "mkdir" or "pwrite64" or "fsync" or "renameat2"))
            bench.Try(point, point.Call == "fsync" ? "error=EIO" : "error=ENOSPC");
        bench.Finish();
    }

    [TestCaseSource(nameof(Names))]
    public void Killed_at_every_call(string command)
    {
        if (!Shared.All)
            Assert.Ignore("every system call of every command runs with ./test --all");
        Tools.Need("strace");
        using var folder = new TemporaryFolder();
        var bench = new Bench(folder, command);
        var points = bench.Points();
        foreach (var point in points)
        foreach (var fault in (string[])["signal=KILL", "error=ENOSPC", "error=EIO"])
            bench.Try(point, fault);
        bench.Finish();
        TestContext.Out.WriteLine(
            $"{command}: {points.Count} calls, {bench.Tries} tries: {bench.OldLeft} old, {bench.NewLeft} new, 0 neither"
        );
    }

    [TestCaseSource(nameof(Names))]
    public void Killed_at_200_random_moments(string command)
    {
        if (!Shared.All)
            Assert.Ignore("200 kills of every command run with ./test --all");
        using var folder = new TemporaryFolder();
        var bench = new Bench(folder, command);
        var random = new Random(1);
        var whole = bench.Duration();
        for (var i = 0; i < 200; i++)
            bench.KillAfter(whole * random.NextDouble() * 1.1);
        bench.Finish();
        TestContext.Out.WriteLine($"{command}: 200 kills: {bench.OldLeft} old, {bench.NewLeft} new, 0 neither");
    }

    private sealed record Point(string Call, int Number);

    /// <summary>One command, its old and its new output, and what was left by each try.</summary>
    private sealed partial class Bench
    {
        private readonly string _inputs;
        private readonly string _place;
        private readonly string _target;
        private readonly string _old;
        private readonly WritingCommand _command;
        private readonly string _oldState;
        private readonly string _newState;

        public Bench(TemporaryFolder folder, string command)
        {
            _command = WritingCommand.All[command];
            _inputs = Directory.CreateDirectory(folder.File("inputs")).FullName;
            _place = Directory.CreateDirectory(folder.File("place")).FullName;
            _target = Path.Combine(_place, _command.Target);
            _old = folder.File("old");
            if (_command.NeedsFolder)
                Directory.CreateDirectory(_target);
            foreach (var second in (bool[])[false, true])
            {
                var chip = WritingCommand.Chip(_inputs, second);
                Need(["compile", Taalas.StoriesModel, "-o", chip, "--weights", second ? "rom3" : "rom4"]);
                if (command == "import")
                    Need(["export", chip, "--gds", chip + ".gds"]);
            }

            Need(Arguments(second: true));
            _newState = State();
            Delete(_target);
            if (_command.NeedsFolder)
                Directory.CreateDirectory(_target);
            if (!_command.FromNothing)
                Need(Arguments(second: false));
            _oldState = State();
            Assert.That(_oldState, Is.Not.EqualTo(_newState));
            if (Path.Exists(_target))
                Copy(_target, _old);
        }

        public int Tries { get; private set; }

        public int OldLeft { get; private set; }

        public int NewLeft { get; private set; }

        /// <summary>Calls of the writing: each with its number among the calls of its kind of its thread.</summary>
        public IReadOnlyList<Point> Points()
        {
            Restore();
            var log = Path.Combine(_inputs, "trace");
            var (code, error) = Run(
                "strace",
                ["-f", "-y", "-o", log, "-e", "trace=" + Calls, "dotnet", Program, .. Arguments(second: true)]
            );
            Assert.That(code, Is.Zero, error);
            var counts = new Dictionary<(string Thread, string Call), int>();
            var points = new List<Point>();
            foreach (var line in File.ReadLines(log))
                if (Traced().Match(line) is { Success: true } match)
                {
                    var key = (match.Groups["thread"].Value, match.Groups["call"].Value);
                    var number = counts[key] = counts.GetValueOrDefault(key) + 1;
                    if (line.Contains(_place, StringComparison.Ordinal))
                        points.Add(new Point(key.Item2, number));
                }

            return [.. points.Distinct()];
        }

        public TimeSpan Duration()
        {
            Restore();
            var clock = Stopwatch.StartNew();
            Need(Arguments(second: true));
            return clock.Elapsed;
        }

        public void Try(Point point, string fault)
        {
            Restore();
            var inject = string.Create(CultureInfo.InvariantCulture, $"inject={point.Call}:{fault}:when={point.Number}");
            var (code, error) = Run(
                "strace",
                ["-f", "-o", "/dev/null", "-e", "trace=" + Calls, "-e", inject, "dotnet", Program, .. Arguments(second: true)]
            );
            Check($"{inject}: exit {code}: {error}");
        }

        public void KillAfter(TimeSpan time)
        {
            Restore();
            using var process = Start("dotnet", [Program, .. Arguments(second: true)]);
            if (!process.WaitForExit(time))
                process.Kill();
            process.WaitForExit();
            Check($"killed after {time}");
        }

        /// <summary>What was left does not hinder the next run, which also removes the temporaries.</summary>
        public void Finish()
        {
            Need(Arguments(second: true));
            Assert.That(State(), Is.EqualTo(_newState));
            Assert.That(Directory.GetFileSystemEntries(_place, ".taalas-*", SearchOption.AllDirectories), Is.Empty);
        }

        private void Check(string what)
        {
            Tries++;
            var state = State();
            if (state == _newState)
                NewLeft++;
            else
                OldLeft++;
            if (state == _newState || state == _oldState)
                return;
            // Each part is complete or not there; of a journal and of a download the next run takes what there is.
            Assert.That(_command.InParts, Is.True, $"{what}\nneither old nor new:\n{state}");
            var known = $"{_oldState}\n{_newState}\nnothing\n".Split('\n').ToHashSet(StringComparer.Ordinal);
            foreach (var line in state.Split('\n').Where(l => !IsResumed(l)))
                Assert.That(known, Does.Contain(line), what);
        }

        private static bool IsResumed(string entry) =>
            entry.StartsWith("sweep.journal", StringComparison.Ordinal) || entry.Contains(".incomplete", StringComparison.Ordinal);

        private string[] Arguments(bool second) => _command.Arguments(_inputs, second, _target);

        private string State()
        {
            if (File.Exists(_target))
                return "file " + Digest(_target);
            return Directory.Exists(_target)
                ? string.Join(
                    '\n',
                    Directory
                        .GetFiles(_target, "*", SearchOption.AllDirectories)
                        .Where(f => !f.Contains("/.taalas-", StringComparison.Ordinal))
                        .Order(StringComparer.Ordinal)
                        .Select(f =>
                            $"{Path.GetRelativePath(_target, f)} {(f.EndsWith(".journal", StringComparison.Ordinal) ? "" : Digest(f))}"
                        )
                )
                : "nothing";
        }

        private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

        private void Restore()
        {
            Delete(_target);
            if (Path.Exists(_old))
                Copy(_old, _target);
        }

        private static void Delete(string path)
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }

        private static void Copy(string from, string to)
        {
            if (File.Exists(from))
            {
                File.Copy(from, to, overwrite: true);
                return;
            }

            Directory.CreateDirectory(to);
            foreach (var entry in Directory.GetFileSystemEntries(from))
                Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
        }

        private void Need(string[] arguments)
        {
            var (code, error) = Run("dotnet", [Program, .. arguments]);
            Assert.That(code, Is.Zero, error);
        }

        private (int Code, string Error) Run(string program, string[] arguments)
        {
            using var process = Start(program, arguments);
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error.Length > 0 ? error : output.Result);
        }

        private Process Start(string program, string[] arguments)
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                WorkingDirectory = Shared.Root,
            };
            foreach (var (name, value) in _command.Environment(_target))
                start.Environment[name] = value;
            return Process.Start(start)!;
        }

        [GeneratedRegex(@"^(?<thread>\d+) +(?<call>[a-z0-9]+)\(", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
        private static partial Regex Traced();
    }
}
