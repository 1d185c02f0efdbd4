using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Parquet;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Sweeps;

[TestFixture]
[Category("Smoke")]
public sealed class SweepRunnerTests
{
    private const string Journal = "sweep.journal";

    private static readonly SweepSpec Spec = new()
    {
        Name = "t",
        Model = "m",
        Fabric = "f",
        Service = new SweepService { InputTokens = 8, OutputTokens = 4 },
        Vary =
        [
            new SweepAxis { Field = "weights", Values = ["rom3", "rom4", "a \"b\", c"] },
            new SweepAxis { Field = "fabric.bank.rows", Values = ["10", "20", "30", "40"] },
        ],
    };

    private static readonly SweepOptions OneThread = new() { Threads = 1 };

    [Test]
    public void Rows_stand_in_the_order_of_the_points_at_any_thread_count()
    {
        using var one = new TemporaryFolder();
        using var many = new TemporaryFolder();
        SweepRunner.Run(Spec, one.Path, Evaluate, OneThread);
        SweepRunner.Run(
            Spec,
            many.Path,
            p =>
            {
                // Later points end first.
                Thread.Sleep((12 - p.Index) * 2);
                return Evaluate(p);
            },
            new SweepOptions { Threads = 8 }
        );
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(many.File(SweepTable.CsvName)), Is.EqualTo(File.ReadAllText(one.File(SweepTable.CsvName))));
            Assert.That(
                File.ReadAllBytes(many.File(SweepTable.ParquetName)),
                Is.EqualTo(File.ReadAllBytes(one.File(SweepTable.ParquetName)))
            );
            Assert.That(
                Directory.GetFiles(one.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal),
                Is.EqualTo(new[] { SweepTable.CsvName, Journal, SweepTable.ParquetName }.Order(StringComparer.Ordinal))
            );
        });
    }

    [Test]
    public void A_journal_with_one_changed_digit_is_refused()
    {
        using var folder = new TemporaryFolder();
        SweepRunner.Run(Spec, folder.Path, Evaluate, OneThread);
        var path = folder.File(Journal);
        var good = File.ReadAllBytes(path);
        Assert.Multiple(() =>
        {
            // Every digit of the file in turn becomes another digit.
            foreach (var at in Enumerable.Range(0, good.Length).Where(i => char.IsAsciiDigit((char)good[i])))
            {
                var bad = good.ToArray();
                bad[at] ^= 1;
                File.WriteAllBytes(path, bad);
                Assert.That(
                    () => SweepRunner.Run(Spec, folder.Path, Evaluate, OneThread),
                    Throws.TypeOf<InputException>().With.Message.StartsWith(path),
                    $"byte {at}"
                );
            }
        });
        File.WriteAllBytes(path, good);
        Assert.That(SweepRunner.Run(Spec, folder.Path, Evaluate, OneThread).Resumed, Is.EqualTo(12));
    }

    [TestCase("\"status\":\"ok\"", "\"status\":7")]
    [TestCase("\"reason\":\"\"", "\"reason\":null")]
    public void A_row_that_no_sweep_writes_is_refused_whatever_its_checksum(string from, string to)
    {
        using var folder = new TemporaryFolder();
        SweepRunner.Run(Spec, folder.Path, Evaluate, OneThread);
        var lines = File.ReadAllLines(folder.File(Journal));
        var row = lines[3][..lines[3].LastIndexOf(' ')];
        var other = row.Replace(from, to, StringComparison.OrdinalIgnoreCase);
        Assert.That(other, Is.Not.EqualTo(row), row);
        var sum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(other)))[..16];
        lines[3] = $"{other} {sum}";
        File.WriteAllText(folder.File(Journal), string.Join('\n', lines) + "\n");
        Assert.That(
            () => SweepRunner.Run(Spec, folder.Path, Evaluate, OneThread),
            Throws.TypeOf<InputException>().With.Message.Contains(":4: damaged")
        );
    }

    [Test]
    public void Faults_are_grouped_by_what_they_say()
    {
        using var folder = new TemporaryFolder();
        var result = SweepRunner.Run(
            Spec,
            folder.Path,
            p =>
                p.Index switch
                {
                    < 5 => throw new InputException($"t.yaml:7: fabric.bank.rows {p.Index} must be even"),
                    5 => throw new InputException("t.yaml:8: fabric.bank.rows 5 must be even"),
                    6 or 7 => new SweepFigures { DoesNotFit = $"{p.Index} bank sites are needed" },
                    8 => Evaluate(p) with { Watts = new UncertaintyRange(-1, -2, 1) },
                    _ => Evaluate(p),
                },
            OneThread
        );
        Assert.That(
            SweepFaults.Of(result).Select(f => f.Text),
            Is.EqualTo(
                new[]
                {
                    "5 points are invalid: t.yaml:7: fabric.bank.rows 0 must be even (the first of them)",
                    "1 point is invalid: t.yaml:8: fabric.bank.rows 5 must be even",
                    "1 point failed: watts is negative",
                    "2 points do not fit: 6 bank sites are needed (the first of them)",
                }
            )
        );
    }

    [Test]
    public void The_csv_says_what_became_of_every_point()
    {
        using var folder = new TemporaryFolder();
        var result = SweepRunner.Run(
            Spec,
            folder.Path,
            p =>
                p.Index switch
                {
                    1 => throw new InputException("bank.rows: too odd"),
                    2 => new SweepFigures { DoesNotFit = "bank sites at 120 %" },
                    3 => throw new DivideByZeroException("by zero\nindeed"),
                    4 => Evaluate(p) with { Watts = new UncertaintyRange(double.NaN, 0, 1) },
                    _ => Evaluate(p),
                },
            OneThread
        );
        var lines = File.ReadAllLines(folder.File(SweepTable.CsvName));
        Assert.Multiple(() =>
        {
            Assert.That(
                result.Rows.Take(6).Select(r => r.Status),
                Is.EqualTo(
                    new[]
                    {
                        SweepStatus.Ok,
                        SweepStatus.Invalid,
                        SweepStatus.DoesNotFit,
                        SweepStatus.Failed,
                        SweepStatus.Failed,
                        SweepStatus.Ok,
                    }
                )
            );
            Assert.That(
                lines[0],
                Does.StartWith("point,weights,fabric_bank_rows,status,reason,tokens_per_second_user,tokens_per_second_user_low,")
            );
            Assert.That(lines[1], Does.StartWith("0,rom3,10,ok,,100,90,110,"));
            Assert.That(lines[2], Does.StartWith("1,rom3,20,invalid,bank.rows: too odd,,"));
            Assert.That(lines[3], Does.StartWith("2,rom3,30,does_not_fit,bank sites at 120 %,,"));
            Assert.That(lines[4], Does.StartWith("3,rom3,40,failed,DivideByZeroException: by zero indeed,,"));
            Assert.That(lines[5], Does.StartWith("4,rom4,10,failed,watts is not a finite number,,"));
            Assert.That(lines[9], Does.StartWith("8,\"a \"\"b\"\", c\",10,ok,"));
            Assert.That(lines, Has.Length.EqualTo(13));
        });
    }

    [Test]
    public async Task Parquet_gives_back_the_rows()
    {
        using var folder = new TemporaryFolder();
        var result = SweepRunner.Run(Spec, folder.Path, p => p.Index == 5 ? throw new InputException("no") : Evaluate(p), OneThread);
        await using var reader = await ParquetReader.CreateAsync(folder.File(SweepTable.ParquetName));
        using var group = reader.OpenRowGroupReader(0);
        var weights = new string[12];
        var rows = new double[12];
        var status = new string[12];
        var speed = new double?[12];
        await group.ReadAsync(reader.Schema.FindDataField("weights"), weights);
        await group.ReadAsync<double>(reader.Schema.FindDataField("fabric_bank_rows"), rows.AsMemory());
        await group.ReadAsync(reader.Schema.FindDataField("status"), status);
        await group.ReadAsync<double>(reader.Schema.FindDataField("tokens_per_second_user"), speed.AsMemory());
        Assert.Multiple(() =>
        {
            Assert.That(weights, Is.EqualTo(Enumerable.Range(0, 12).Select(i => Spec.Vary[0].Values[i / 4])));
            Assert.That(rows, Is.EqualTo(Enumerable.Range(0, 12).Select(i => 10.0 * ((i % 4) + 1))));
            Assert.That(status, Is.EqualTo(result.Rows.Select(r => r.Status == SweepStatus.Ok ? "ok" : "invalid")));
            Assert.That(speed, Is.EqualTo(result.Rows.Select(r => r.Figures.TokensPerSecondUser?.Value)));
            Assert.That(speed[5], Is.Null);
            Assert.That(reader.CustomMetadata["taalas_digest"], Is.EqualTo(result.Digest));
            Assert.That(
                reader.Schema.DataFields.Select(f => f.Name),
                Is.EqualTo(File.ReadLines(folder.File(SweepTable.CsvName)).First().Split(','))
            );
        });
    }

    [Test]
    public void An_interrupted_sweep_goes_on_without_doing_points_again()
    {
        using var whole = new TemporaryFolder();
        SweepRunner.Run(Spec, whole.Path, Evaluate, OneThread);
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var calls = 0;
        Assert.That(
            () =>
                SweepRunner.Run(
                    Spec,
                    folder.Path,
                    p =>
                    {
                        if (++calls == 5)
                            stop.Cancel();
                        return Evaluate(p);
                    },
                    OneThread,
                    cancel: stop.Token
                ),
            Throws.InstanceOf<OperationCanceledException>()
        );
        var early = File.Exists(folder.File(SweepTable.CsvName));
        var reports = new List<double>();
        var again = SweepRunner.Run(
            Spec,
            folder.Path,
            p =>
            {
                calls++;
                return Evaluate(p);
            },
            OneThread,
            new Inline(reports)
        );
        Assert.Multiple(() =>
        {
            Assert.That(early, Is.False, "no table before the sweep is complete");
            Assert.That(calls, Is.EqualTo(12));
            Assert.That(again.Resumed, Is.EqualTo(5));
            Assert.That(reports[0], Is.EqualTo(5 / 12.0));
            Assert.That(reports[^1], Is.EqualTo(1));
            Assert.That(
                File.ReadAllBytes(folder.File(SweepTable.ParquetName)),
                Is.EqualTo(File.ReadAllBytes(whole.File(SweepTable.ParquetName)))
            );
        });
    }

    [TestCase(1)]
    [TestCase(20)]
    public void A_torn_last_line_is_dropped_and_its_point_done_again(int cut)
    {
        using var folder = new TemporaryFolder();
        SweepRunner.Run(Spec, folder.Path, Evaluate, OneThread);
        var csv = File.ReadAllText(folder.File(SweepTable.CsvName));
        var journal = File.ReadAllBytes(folder.File(Journal));
        File.WriteAllBytes(folder.File(Journal), journal[..^cut]);
        var calls = 0;
        var again = SweepRunner.Run(
            Spec,
            folder.Path,
            p =>
            {
                calls++;
                return Evaluate(p);
            },
            OneThread
        );
        Assert.Multiple(() =>
        {
            Assert.That(calls, Is.EqualTo(1));
            Assert.That(again.Resumed, Is.EqualTo(11));
            Assert.That(File.ReadAllText(folder.File(SweepTable.CsvName)), Is.EqualTo(csv));
            Assert.That(File.ReadAllBytes(folder.File(Journal)), Is.EqualTo(journal));
        });
    }

    [Test]
    public void A_journal_torn_at_any_byte_gives_the_same_table()
    {
        using var folder = new TemporaryFolder();
        SweepRunner.Run(Spec, folder.Path, Evaluate, OneThread);
        var csv = File.ReadAllText(folder.File(SweepTable.CsvName));
        var journal = File.ReadAllBytes(folder.File(Journal));
        for (var length = 0; length < journal.Length; length += 37)
        {
            File.WriteAllBytes(folder.File(Journal), journal[..length]);
            SweepRunner.Run(Spec, folder.Path, Evaluate, OneThread);
            Assert.That(
                File.ReadAllText(folder.File(SweepTable.CsvName)),
                Is.EqualTo(csv),
                $"torn at {length.ToString(CultureInfo.InvariantCulture)}"
            );
        }
    }

    [Test]
    public async Task Many_points_resume_from_anywhere_with_the_same_tables()
    {
        // More than a block of rows in memory and than a row group of Parquet.
        const int points = 66_000;
        var spec = Spec with
        {
            Vary =
            [
                new SweepAxis { Field = "weights", Values = [.. Enumerable.Range(0, 11).Select(i => $"f{i}")] },
                new SweepAxis
                {
                    Field = "fabric.bank.rows",
                    Range = new SweepRange
                    {
                        From = 1,
                        To = points / 11,
                        Steps = points / 11,
                    },
                },
            ],
        };
        using var whole = new TemporaryFolder();
        SweepRunner.Run(spec, whole.Path, Many, new SweepOptions { Threads = 2 });
        using var folder = new TemporaryFolder();
        var journal = File.ReadAllBytes(whole.File(Journal));
        File.WriteAllBytes(folder.File(Journal), journal[..Random.Shared.Next(journal.Length)]);
        var again = SweepRunner.Run(spec, folder.Path, Many, new SweepOptions { Threads = 2 });
        await using var reader = await ParquetReader.CreateAsync(whole.File(SweepTable.ParquetName));
        Assert.Multiple(() =>
        {
            foreach (var table in new[] { SweepTable.ParquetName, SweepTable.CsvName })
                Assert.That(File.ReadAllBytes(folder.File(table)).SequenceEqual(File.ReadAllBytes(whole.File(table))), Is.True, table);
            Assert.That(reader.RowGroupCount, Is.EqualTo(2));
            Assert.That(again.Rows[points - 1].Figures.Watts!.Value.Value, Is.EqualTo(points / 11 / 3.0));
            Assert.That(again.Rows[points - 1].Figures.Watts!.Value.High, Is.EqualTo(points / 11 / 3.0), "best estimates have no spread");
            Assert.That(again.Rows[6].Reason, Is.EqualTo("seven"));
        });

        static SweepFigures Many(DesignPoint point) =>
            point.Values[1] == "7" ? throw new InputException("seven") : Evaluate(point) with { IsBestEstimate = true };
    }

    [Test]
    public void A_journal_damaged_in_the_middle_is_refused()
    {
        using var folder = new TemporaryFolder();
        SweepRunner.Run(Spec, folder.Path, Evaluate, OneThread);
        var lines = File.ReadAllLines(folder.File(Journal));
        lines[3] = lines[3][..10];
        File.WriteAllText(folder.File(Journal), string.Join('\n', lines) + "\n");
        Assert.That(
            () => SweepRunner.Run(Spec, folder.Path, Evaluate, OneThread),
            Throws.TypeOf<InputException>().With.Message.Contains(":4: damaged")
        );
    }

    [Test]
    public void Another_sweep_or_other_inputs_do_not_take_over_a_journal()
    {
        using var folder = new TemporaryFolder();
        SweepRunner.Run(Spec, folder.Path, Evaluate, OneThread);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => SweepRunner.Run(Spec with { Seed = 2 }, folder.Path, Evaluate, OneThread),
                Throws.TypeOf<InputException>().With.Message.Contains("another sweep")
            );
            Assert.That(
                () => SweepRunner.Run(Spec, folder.Path, Evaluate, OneThread with { Inputs = ["model"] }),
                Throws.TypeOf<InputException>().With.Message.Contains("another sweep")
            );
        });
    }

    [Test]
    public void Two_sweeps_cannot_write_one_folder_at_once()
    {
        using var folder = new TemporaryFolder();
        string? message = null;
        SweepRunner.Run(
            Spec,
            folder.Path,
            p =>
            {
                message ??= Assert.Throws<InputException>(() => SweepRunner.Run(Spec, folder.Path, Evaluate, OneThread))!.Message;
                return Evaluate(p);
            },
            OneThread
        );
        Assert.That(message, Does.Contain("is another sweep running in this folder?"));
    }

    private static SweepFigures Evaluate(DesignPoint point)
    {
        var rows = double.Parse(point.Values[1]!, CultureInfo.InvariantCulture);
        return new SweepFigures
        {
            TokensPerSecondUser = new UncertaintyRange(1000 / rows, 900 / rows, 1100 / rows),
            Watts = new UncertaintyRange(rows / 3, rows / 4, rows / 2),
            SitesUsedFraction = 0.1 * rows,
        };
    }

    private sealed class Inline(List<double> seen) : IProgress<double>
    {
        public void Report(double value) => seen.Add(value);
    }
}
