import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.RetryOneTime;

/** Curator's stock recipes on a line of nodes, for the tests of leases. Arguments: servers, recipe (mutex or latch), line, and try, hold or race. */
public final class CuratorPeer {
    private interface Recipe {
        boolean acquire(long millis) throws Exception;

        void release() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        try (CuratorFramework client = CuratorFrameworkFactory.newClient(args[0], 10_000, 15_000, new RetryOneTime(200))) {
            client.start();
            client.blockUntilConnected();
            switch (args[3]) {
                case "try" -> System.out.println(recipe(client, args).acquire(Long.parseLong(args[4])));
                case "hold" -> hold(recipe(client, args));
                case "race" -> race(client, args, args[4], Integer.parseInt(args[5]));
                default -> throw new IllegalArgumentException(args[3]);
            }
        }
    }

    private static void hold(Recipe recipe) throws Exception {
        recipe.acquire(60_000);
        System.out.println("held");
        new BufferedReader(new InputStreamReader(System.in)).readLine();
        recipe.release();
        System.out.println("released");
    }

    private static void race(CuratorFramework client, String[] args, String inside, int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            Recipe recipe = recipe(client, args);
            if (!recipe.acquire(60_000))
                throw new IllegalStateException("not acquired in round " + round);
            client.create().forPath(inside);
            Thread.sleep(2);
            client.delete().forPath(inside);
            recipe.release();
        }
        System.out.println("done");
    }

    private static Recipe recipe(CuratorFramework client, String[] args) {
        return args[1].equals("mutex") ? mutex(new InterProcessMutex(client, args[2])) : latch(new LeaderLatch(client, args[2]));
    }

    private static Recipe mutex(InterProcessMutex mutex) {
        return new Recipe() {
            public boolean acquire(long millis) throws Exception {
                return mutex.acquire(millis, TimeUnit.MILLISECONDS);
            }

            public void release() throws Exception {
                mutex.release();
            }
        };
    }

    private static Recipe latch(LeaderLatch latch) {
        return new Recipe() {
            public boolean acquire(long millis) throws Exception {
                latch.start();
                return latch.await(millis, TimeUnit.MILLISECONDS);
            }

            public void release() throws Exception {
                latch.close();
            }
        };
    }
}
