using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Sweeps;

[TestFixture]
[Category("Smoke")]
public sealed class SweepQueryTests
{
    private static readonly SweepSpec Spec = new()
    {
        Name = "t",
        Model = "m",
        Fabric = "f",
        Service = new SweepService { InputTokens = 8, OutputTokens = 4 },
        Vary =
        [
            new SweepAxis { Field = "weights", Values = ["rom3", "rom4"] },
            new SweepAxis { Field = "service.users", Values = ["1", "2", "3"] },
        ],
        Mode = SweepMode.Tornado,
    };

    private TemporaryFolder _folder = null!;
    private string _sweep = "";

    [OneTimeSetUp]
    public void Sweep()
    {
        _folder = new TemporaryFolder();
        _sweep = _folder.File("it's a sweep");
        SweepRunner.Run(
            Spec,
            _sweep,
            p =>
                p.Weights == "rom4"
                    ? throw new InputException("no")
                    : new SweepFigures { Watts = new UncertaintyRange(p.Service.Users, 0.5, 9) },
            new SweepOptions { Threads = 1 }
        );
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void A_query_answers_with_the_rows_of_the_tables() =>
        Assert.Multiple(() =>
        {
            var answer = SweepQuery.Run(
                _sweep,
                "SELECT status, count(*) AS points, sum(watts) AS watts, max(reason), sum(point) FROM sweep GROUP BY status ORDER BY status"
            );
            Assert.That(answer.Columns, Is.EqualTo(new[] { "status", "points", "watts", "max(reason)", "sum(point)" }));
            Assert.That(
                answer.Rows,
                Is.EqualTo(new[] { new object?[] { "invalid", 1L, null, "no", 2.0 }, ["ok", 4L, 1.0 + 1 + 1 + 3, "", 8.0] })
            );
            Assert.That(
                SweepQuery.Run(_sweep, "SELECT field, swing FROM tornado WHERE figure = 'watts' ORDER BY swing").Rows,
                Is.EqualTo(new[] { new object?[] { "service.users", 2.0 }, ["weights", null] })
            );
            Assert.That(
                SweepQuery.Run(_sweep, "SELECT [1, 2], {'a': 3}, DATE '2026-11-28', true, 1.5::DECIMAL(4,2)").Rows[0],
                Is.EqualTo(new object[] { "[1, 2]", "{a: 3}", "2026-11-28", true, 1.5m })
            );
        });

    // What is outside: files to read and to write, extensions, settings, other databases.
    [TestCase("COPY sweep TO '{0}/out.csv'")]
    [TestCase("COPY (SELECT 1) TO '{0}/out.parquet' (FORMAT parquet)")]
    [TestCase("EXPORT DATABASE '{0}/out'")]
    [TestCase("ATTACH '{0}/out.db' AS other")]
    [TestCase("SELECT * FROM read_text('{0}/secret.txt')")]
    [TestCase("SELECT * FROM read_csv('{0}/secret.txt')")]
    [TestCase("SELECT * FROM '{0}/secret.csv'")]
    [TestCase("SELECT * FROM glob('{0}/*')")]
    [TestCase("SELECT * FROM read_csv('https://example.com/x.csv')")]
    [TestCase("INSTALL httpfs")]
    [TestCase("LOAD httpfs")]
    [TestCase("LOAD '{0}/secret.txt'")]
    [TestCase("SET enable_external_access = true")]
    [TestCase("SET allowed_directories = ['/']")]
    [TestCase("RESET lock_configuration")]
    [TestCase("COPY sweep TO '{0}/out.csv'; SELECT 1")]
    public void A_query_reaches_nothing_outside(string sql)
    {
        _folder.Write("secret.txt", "a,b\n1,2\n");
        _folder.Write("secret.csv", "a,b\n1,2\n");
        var before = Directory.GetFileSystemEntries(_folder.Path);
        Assert.That(
            () => SweepQuery.Run(_sweep, string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, _folder.Path)),
            Throws.TypeOf<InputException>().With.Message.StartsWith("query: ")
        );
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.EquivalentTo(before));
    }

    [TestCase("SELEC 1", "syntax error")]
    [TestCase("SELECT wats FROM sweep", "\"wats\" not found")]
    [TestCase("CREATE TABLE t (a INT)", "has no rows")]
    [TestCase(" ", "is empty")]
    public void A_query_that_is_none_is_refused_in_one_line(string sql, string message) =>
        Assert.That(
            () => SweepQuery.Run(_sweep, sql),
            Throws.TypeOf<InputException>().With.Message.Contains(message).And.Message.Not.Contains("\n")
        );

    [Test]
    public void A_folder_without_a_finished_sweep_is_refused()
    {
        using var folder = new TemporaryFolder();
        var unfinished = Directory.CreateDirectory(folder.File("unfinished")).FullName;
        File.WriteAllText(Path.Combine(unfinished, "sweep.journal"), "");
        var damaged = Directory.CreateDirectory(folder.File("damaged")).FullName;
        File.WriteAllText(Path.Combine(damaged, SweepTable.ParquetName), "no parquet");
        Assert.Multiple(() =>
        {
            Refused(folder.File("none"), "no such file; name the folder of a finished sweep");
            Refused(unfinished, "is not finished; run it again");
            Refused(damaged, "its tables cannot be read");
            Refused(folder.File("a*"), "no such file");
        });

        static void Refused(string path, string message) =>
            Assert.That(() => SweepQuery.Run(path, "SELECT 1"), Throws.TypeOf<InputException>().With.Message.Contains(message));
    }
}
